"""How a drawn picture is marked: which drawing is nearest, what colour its thing has, what is in each half."""
import numpy as np
from PIL import Image

from data import HALF, PAPER
from recolour import GREYS
from words import COLOURS

APART = 24  # a pixel belongs to the thing when one of its channels differs this much from the paper


def on_paper(rgba):
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return rgba[..., :3] * alpha + np.array(PAPER, np.float32) * (1 - alpha)


def small(pictures):
    """64 x 64 pictures as rows of numbers: 16 x 16 RGB."""
    return pictures.reshape(len(pictures), 16, 4, 16, 4, 3).mean((2, 4)).reshape(len(pictures), -1)


def cut_out(picture):
    """What differs from the paper, in a square of its own, at 16 x 16; None when there is next to nothing."""
    thing = np.abs(picture - np.array(PAPER, np.float32)).max(-1) > APART
    rows, columns = np.flatnonzero(thing.sum(1) > 1), np.flatnonzero(thing.sum(0) > 1)
    if len(rows) < 4 or len(columns) < 4:
        return None
    part = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = max(part.shape[:2])
    square = np.empty((side, side, 3), np.float32)
    square[:] = PAPER
    top, left = (side - part.shape[0]) // 2, (side - part.shape[1]) // 2
    square[top : top + part.shape[0], left : left + part.shape[1]] = part
    return np.asarray(Image.fromarray(square.round().clip(0, 255).astype(np.uint8)).resize((16, 16), Image.BOX), np.float32).reshape(-1)


class Bank:
    """Rows of numbers of known pictures; the mirror image counts as well."""

    def __init__(self, rows):
        self.rows = np.stack(rows)
        self.mirrored = self.rows.reshape(-1, 16, 16, 3)[:, :, ::-1].reshape(len(rows), -1)

    def distances(self, row):
        return np.minimum(((self.rows - row) ** 2).mean(1), ((self.mirrored - row) ** 2).mean(1))

    def rank(self, row, index):
        """How many are nearer to the picture than the one at `index`."""
        distances = self.distances(row)
        return int((distances < distances[index]).sum())


def whole_bank(data):
    return Bank(small(on_paper(data.pixels[:, 0])))


def part_bank(data):
    nothing = np.full(768, 1e4, np.float32)  # white on pale: never near to anything
    cuts = (cut_out(picture) for picture in on_paper(data.pixels[:, HALF]))
    return Bank([nothing if cut is None else cut for cut in cuts])


def nearest_colour(rgb):
    return min(COLOURS, key=lambda name: ((np.array(COLOURS[name]) - rgb) ** 2).sum())


def colour_of_thing(picture, asked):
    thing = picture[np.abs(picture - np.array(PAPER)).max(-1) > APART]
    coloured = thing[(thing.max(-1) - thing.min(-1)) > 60]
    if asked not in GREYS and len(coloured) > 20:
        thing = coloured
    return nearest_colour(thing.mean(0)) if len(thing) else None


def colour_of_edge(picture):
    sides = (picture[:3], picture[-3:], picture[:, :3], picture[:, -3:])
    return nearest_colour(np.median(np.concatenate([side.reshape(-1, 3) for side in sides]), 0))


def both_there(picture, row, bank, index_of):
    """For a pair of the exam: whether each thing is among the nearest five of its half. Beside: the better of the two orders."""
    halves = (picture[:32], picture[32:]) if row["side"] == "above" else (picture[:, :32], picture[:, 32:])
    cuts = [cut_out(half) for half in halves]
    orders = {"left": [(0, 1)], "above": [(0, 1)], "right": [(1, 0)], "beside": [(0, 1), (1, 0)]}[row["side"]]

    def there(order):
        return [cuts[half] is not None and bank.rank(cuts[half], index_of[name]) < 5 for half, name in zip(order, row["things"])]

    return max((there(order) for order in orders), key=sum)
