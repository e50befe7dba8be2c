"""Drawings in colours that they never had, so that "a blue cat" can be learnt."""
import numpy as np

from words import COLOURS

GREYS = ("black", "grey", "white")


def hue_of(rgb):
    high, low = rgb.max(-1), rgb.min(-1)
    span = np.maximum(high - low, 1e-6)
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(high == r, ((g - b) / span) % 6, np.where(high == g, (b - r) / span + 2, (r - g) / span + 4))
    return hue / 6, np.where(high > 0, (high - low) / np.maximum(high, 1e-6), 0), high


def recolour(rgb, alpha, colour):
    """The drawing in `colour`: the parts of its main hue where there is one, else all that is coloured, else all that is light.

    The shading stays: the parts take the colour at their mean brightness, darker and lighter shades of it elsewhere; eyes and
    outlines stay as they are. None when there is nothing to colour.
    """
    hue, saturation, value = hue_of(rgb)
    coloured = (saturation > 0.2) & (value > 0.15) & (alpha > 0.3)
    if coloured.sum() > 0.25 * (alpha > 0.3).sum():
        weight = (saturation * value * alpha) * coloured
        main = np.angle((weight * np.exp(2j * np.pi * hue)).sum()) / (2 * np.pi)
        near = coloured & (np.abs((hue - main + 0.5) % 1 - 0.5) < 0.15)
        parts = near if near.sum() > 0.6 * coloured.sum() else coloured
    else:
        parts = (value > 0.3) & (alpha > 0.3)
    if parts.sum() < 30:
        return None
    light = rgb @ np.array([0.3, 0.59, 0.11], rgb.dtype)
    mean = light[parts].mean()
    asked = np.array(COLOURS[colour], np.float32) / 255
    darker = np.minimum(light / mean, 1)[..., None]
    if colour == "white":
        darker = 0.65 + 0.35 * darker
    lighter = np.clip((light - mean) / (1.02 - mean), 0, 1)[..., None]
    shaded = asked * darker + (1 - asked) * lighter * (0.3 if colour in GREYS else 0.5)
    return np.where(parts[..., None], shaded, rgb)
