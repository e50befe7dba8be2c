"""Training pairs: a drawing on a background, and words for it. Everything is drawn at random from one seeded generator."""
import json
import os

import numpy as np
import torch

from text import COLOURS, MAX_WORDS, WORD, build_vocab, look_up

HUES = {"red": 0, "orange": 28, "yellow": 49, "green": 130, "teal": 178, "blue": 215, "purple": 275, "pink": 330}
# What is behind a drawing when no background is asked for: white things must stand out from it.
PAPER = (214, 224, 236)
COMMON = 30  # a tag that this many emoji share ("animal") never stands alone


def rgb_to_hsv(rgb):
    high, low = rgb.max(-1), rgb.min(-1)
    span = np.maximum(high - low, 1e-6)
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(high == r, ((g - b) / span) % 6, np.where(high == g, (b - r) / span + 2, (r - g) / span + 4))
    return hue / 6, np.where(high > 0, (high - low) / np.maximum(high, 1e-6), 0), high


def hsv_to_rgb(hue, saturation, value):
    k = (np.array([5, 3, 1]) + hue[..., None] * 6) % 6
    return value[..., None] * (1 - saturation[..., None] * np.clip(np.minimum(k, 4 - k), 0, 1))


def recolour(rgb, alpha, colour):
    """The drawing with its main hue turned to `colour`; greys (eyes, outlines) stay as they are."""
    hue, saturation, value = rgb_to_hsv(rgb)
    weight = saturation * value * alpha
    total = weight.sum()
    coloured = saturation > 0.2
    if total < 20:
        return None
    main = np.angle((weight * np.exp(2j * np.pi * hue)).sum()) / (2 * np.pi)
    if colour in HUES:
        turned = (hue + HUES[colour] / 360 - main) % 1
        strong = np.where(coloured, np.maximum(saturation, 0.45), saturation)
        return hsv_to_rgb(turned, strong, value)
    grey = {"black": (0.05, 0.3), "grey": (0.3, 0.45), "white": (0.72, 0.28)}.get(colour)
    if grey is None:  # brown
        return np.where(coloured[..., None], hsv_to_rgb(np.full_like(hue, 25 / 360), np.full_like(hue, 0.6), value * 0.58), rgb)
    light = grey[0] + grey[1] * value
    return np.where(coloured[..., None], np.repeat(light[..., None], 3, -1), rgb)


class Data:
    def __init__(self, folder):
        self.icons = json.load(open(os.path.join(folder, "icons.json")))
        raw = np.fromfile(os.path.join(folder, "icons.bin"), np.uint8).reshape(len(self.icons), -1, 64, 64, 4)
        self.pixels = raw
        self.vocab = build_vocab(self.icons)
        ids = self.vocab["words"]

        def known(phrase):
            return [w for w in dict.fromkeys(look_up(w, ids) for w in WORD.findall(phrase.lower())) if w]

        counts = {}
        for icon in self.icons:
            icon["name"] = known(icon["label"])
            own = set(icon["name"])
            icon["phrases"] = []
            for tag in icon["tags"]:
                words = known(tag)
                if words and not any(w in COLOURS and w not in own for w in words):
                    icon["phrases"].append(words)
                    for word in set(words):
                        counts[word] = counts.get(word, 0) + 1
        for icon in self.icons:
            icon["alone"] = [p for p in icon["phrases"] if all(counts[w] <= COMMON // 3 for w in p)]

    def caption(self, icon, rng):
        """Words for one emoji: mostly its name, sometimes one rare tag, sometimes the name and a tag."""
        kind = rng.random()
        if kind < 0.25 and icon["alone"]:
            return list(icon["alone"][rng.integers(len(icon["alone"]))])
        words = list(icon["name"])
        if len(words) > 1 and rng.random() < 0.25:
            words.remove(words[rng.integers(len(words))])
        if kind < 0.45 and icon["phrases"]:
            words += icon["phrases"][rng.integers(len(icon["phrases"]))]
        return words

    def sample(self, rng):
        index = rng.integers(len(self.icons))
        icon = self.icons[index]
        words = self.caption(icon, rng)
        size = 0
        if rng.random() < 0.04:
            size = rng.integers(1, 3)
            words.append(("small", "tiny")[size - 1])
        picture = self.pixels[index, size].astype(np.float32) / 255
        rgb, alpha = picture[..., :3], picture[..., 3]
        if rng.random() < 0.1:
            colour = list(COLOURS)[rng.integers(len(COLOURS))]
            turned = recolour(rgb, alpha, colour)
            if turned is not None:
                rgb = turned
                words = [colour, *(w for w in words if w not in COLOURS)]
        back = np.array(PAPER, np.float32) / 255
        if rng.random() < 0.2:
            colour = list(COLOURS)[rng.integers(len(COLOURS))]
            back = np.clip(np.array(COLOURS[colour]) / 255 + (rng.normal(0, 0.02, 3) if colour != "white" else 0), 0, 1)
            words = [f"bg:{colour}", *words]
        picture = rgb * alpha[..., None] + back * (1 - alpha[..., None])
        reach = (2, 11, 18)[size]
        dx, dy = rng.integers(-reach, reach + 1, 2)
        shifted = np.empty_like(picture)
        shifted[:] = back
        shifted[max(0, dy) : 64 + min(0, dy), max(0, dx) : 64 + min(0, dx)] = picture[
            max(0, -dy) : 64 - max(0, dy), max(0, -dx) : 64 - max(0, dx)
        ]
        if rng.random() < 0.5:
            shifted = shifted[:, ::-1]
        ids = np.zeros(MAX_WORDS, np.int64)
        if rng.random() >= 0.12:  # else: no words, for classifier-free guidance
            chosen = [self.vocab["words"][w] for w in dict.fromkeys(words)][:MAX_WORDS]
            ids[: len(chosen)] = chosen
        return shifted.transpose(2, 0, 1) * 2 - 1, ids

    def batch(self, size, rng):
        pictures, ids = zip(*(self.sample(rng) for _ in range(size)))
        return torch.from_numpy(np.stack(pictures).astype(np.float32)), torch.from_numpy(np.stack(ids))
