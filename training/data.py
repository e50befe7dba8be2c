"""Training pairs: one to four drawings on a background, and words for them. Everything is drawn at random from one seeded generator."""
import json
import os

import numpy as np
import torch

from captions import Captions
from grammar import ABOVE, BELOW, FOUR, LEFT, PLACE_STEP, RIGHT, THREE
from names import PLAIN
from places import CORNER
from recolour import recolour
from text import MAX_WORDS, build_vocab
from words import COLOURS, SIZES, look_up

# What is behind a drawing when no background is asked for: white things must stand out from it.
PAPER = (214, 224, 236)
HALF = 4  # index of the drawings for one of several things in icons.bin
TORN = 5  # such names mix with those of the others, so they come up five times as often
ANY, OBJECTS = 0.3, (3, 4, 5, 6, 7)  # share of things beside others that may be any emoji; else animals, food, places, things


class Data:
    def __init__(self, folder, exam=None, first=None):
        """`exam`: what is held back from the training. `first`: emoji that are known already and come up half as often."""
        self.icons = json.load(open(os.path.join(folder, "icons.json")))
        self.pixels = np.fromfile(os.path.join(folder, "icons.bin"), np.uint8).reshape(len(self.icons), -1, 64, 64, 4)
        self.vocab = build_vocab(self.icons)
        self.held_colours, self.held_pairs = held_back(exam, self.vocab["words"])
        self.captions = Captions(self.icons, self.vocab["words"])
        weight = np.array([1.0 if icon["emoji"] in (first or ()) else 2.0 for icon in self.icons])
        weight[self.torn()] *= TORN
        self.singles = weight / weight.sum()
        popular = [i for i, icon in enumerate(self.icons) if icon["label"] in PLAIN or (icon["group"] in OBJECTS and len(icon["name"]) < 3)]
        self.popular = np.array([*popular, *(i for i, icon in enumerate(self.icons) if icon["name"][-1:] == ["heart"])])

    def torn(self):
        """Emoji whose whole name stands in the names of at least two others: "cat" beside "cat face" and "grinning cat"."""
        names = [set(icon["name"]) for icon in self.icons]
        return [index for index, name in enumerate(names) if name and sum(name < other for other in names) >= 2]

    def thing(self, index, size, share, rng):
        """RGB, alpha and words of one drawing, recoloured with the given share."""
        words = self.captions.draw(self.icons[index], rng, tags=size != HALF)
        picture = self.pixels[index, size].astype(np.float32) / 255
        rgb, alpha = picture[..., :3], picture[..., 3]
        if rng.random() < share:
            colour = list(COLOURS)[rng.integers(len(COLOURS))]
            held = any(colour in self.held_colours.get(word, ()) for word in words)
            turned = None if held else recolour(rgb, alpha, colour)
            if turned is not None:
                return turned, alpha, [colour, *(w for w in words if w not in COLOURS)]
        return rgb, alpha, words

    def background(self, rng):
        if rng.random() >= 0.2:
            return np.array(PAPER, np.float32) / 255, []
        colour = list(COLOURS)[rng.integers(len(COLOURS))]
        back = np.array(COLOURS[colour]) / 255 + (rng.normal(0, 0.02, 3) if colour != "white" else 0)
        return np.clip(back, 0, 1).astype(np.float32), [f"bg:{colour}"]

    def single(self, rng):
        size = 0 if rng.random() >= 0.07 else int(rng.integers(1, 4))
        rgb, alpha, words = self.thing(rng.choice(len(self.icons), p=self.singles), size, 0.2, rng)
        back, found = self.background(rng)
        canvas = np.empty((64, 64, 3), np.float32)
        canvas[:] = back
        reach = (1, 11, 18, 1)[size]
        dx, dy = rng.integers(-reach, reach + 1, 2)
        to, of = np.s_[max(0, dy) : 64 + min(0, dy), max(0, dx) : 64 + min(0, dx)], np.s_[max(0, -dy) : 64 - max(0, dy), max(0, -dx) : 64 - max(0, dx)]
        canvas[to] = rgb[of] * alpha[of][..., None] + back * (1 - alpha[of][..., None])
        return canvas, [(w, 0) for w in (*found, *([SIZES[size - 1]] if size else []), *words)]

    def several(self, rng):
        kind = rng.random()
        if kind < 0.08:
            places = [(LEFT, RIGHT, ABOVE, BELOW)[rng.integers(4)]]
        elif kind < 0.75:
            places = ((LEFT, RIGHT), (ABOVE, BELOW))[int(rng.random() < 0.35)]
        else:
            places = THREE if kind < 0.9 else FOUR
        while True:
            chosen = [rng.integers(len(self.icons)) if rng.random() < ANY else rng.choice(self.popular) for _ in places]
            labels = [self.icons[i]["label"] for i in chosen]
            if not any(pair <= set(labels) for pair in self.held_pairs):
                break
        same = len(places) > 1 and rng.random() < (0.12 if len(places) == 2 else 0.6)
        back, found = self.background(rng)
        canvas = np.empty((64, 64, 3), np.float32)
        canvas[:] = back
        words = [(w, 0) for w in found]
        for index, place in enumerate(places):
            if index == 0 or not same:
                rgb, alpha, own = self.thing(chosen[index], HALF, 0.3, rng)
            left, top = CORNER[place]
            dx, dy = rng.integers(-1, 2, 2)
            part, at = np.s_[16 + dy : 48 + dy, 16 + dx : 48 + dx], np.s_[top : top + 32, left : left + 32]
            canvas[at] = rgb[part] * alpha[part][..., None] + canvas[at] * (1 - alpha[part][..., None])
            words += [(word, place) for word in own]
        return canvas, words

    def sample(self, rng):
        canvas, words = self.single(rng) if rng.random() < 0.7 else self.several(rng)
        ids = np.zeros(MAX_WORDS, np.int64)
        if rng.random() >= 0.12:  # else: no words, for classifier-free guidance
            chosen = [self.vocab["words"][w] + PLACE_STEP * place for w, place in dict.fromkeys(words)][:MAX_WORDS]
            ids[: len(chosen)] = chosen
        return canvas.transpose(2, 0, 1) * 2 - 1, ids

    def batch(self, size, rng):
        pictures, ids = zip(*(self.sample(rng) for _ in range(size)))
        return torch.from_numpy(np.stack(pictures).astype(np.float32)), torch.from_numpy(np.stack(ids))


def held_back(exam, ids):
    """Colours by the word of their thing, and pairs of names, that the exam keeps out of the training."""
    if exam is None:
        return {}, []
    colours = {look_up(thing, ids): set(held) for thing, held in exam["colours"]["held"].items()}
    return colours, [set(row["things"]) for row in exam["compositions"] if row["held"]]
