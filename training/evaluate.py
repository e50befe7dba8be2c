"""Measures the trained model; prints the table of the model card.

- Retrieval: is the picture drawn for an emoji's name nearest to that emoji, among all that were learnt? Distance: mean squared RGB at
  16x16, the better of the drawing and its mirror image.
- Colours: twelve colours of ten things; is the thing nearer to the asked colour than to the eleven others? The colour of a thing is the
  mean of the pixels that differ from the background, greys left out unless grey is asked.
- Backgrounds: twelve colours behind five things; the median of the pixels at the edge.

Usage: python3 evaluate.py --data DIR --out DIR [--guidance 4 5] [--threads 2]
"""
import argparse
import json
import os

import numpy as np
import torch

from data import PAPER, Data
from sample import draw, load
from words import COLOURS

GREYS = ("black", "grey", "white")
THINGS = ("heart", "cat", "dog", "star", "apple", "car", "house", "fish", "flower", "umbrella")
BEFORE = ("heart", "cat", "fox", "apple", "rocket")

options = argparse.ArgumentParser()
options.add_argument("--data", default="out")
options.add_argument("--out", default="out")
options.add_argument("--seed", type=int, default=11)
options.add_argument("--guidance", type=float, nargs="+", default=[4.0])
options.add_argument("--threads", type=int, default=2)
options = options.parse_args()
torch.set_num_threads(options.threads)


def small(pictures):
    return pictures.reshape(len(pictures), 16, 4, 16, 4, 3).mean((2, 4)).reshape(len(pictures), -1)


def drawn(prompts, guidance):
    parts = [draw(net, vocab, prompts[i : i + 32], options.seed, guidance=guidance) for i in range(0, len(prompts), 32)]
    return np.concatenate(parts).astype(np.float32)


def nearest_colour(rgb):
    return min(COLOURS, key=lambda name: ((np.array(COLOURS[name]) - rgb) ** 2).sum())


def colour_of_thing(picture, asked):
    thing = picture[np.abs(picture - np.array(PAPER)).max(-1) > 40]
    coloured = thing[(thing.max(-1) - thing.min(-1)) > 60]
    if asked not in GREYS and len(coloured) > 20:
        thing = coloured
    return nearest_colour(thing.mean(0)) if len(thing) else None


def edge(picture):
    return np.concatenate([picture[:3].reshape(-1, 3), picture[-3:].reshape(-1, 3), picture[:, :3].reshape(-1, 3), picture[:, -3:].reshape(-1, 3)])


data = Data(options.data)
saved = torch.load(os.path.join(options.out, "checkpoint.pt"))
vocab = json.load(open(os.path.join(options.out, "vocab.json")))
net = load(vocab, saved["ema"])
rgba = data.pixels[:, 0].astype(np.float32)
alpha = rgba[..., 3:] / 255
truth = rgba[..., :3] * alpha + np.array(PAPER, np.float32) * (1 - alpha)
bank, mirrored = small(truth), small(truth[:, :, ::-1])
names = [icon["label"] for icon in data.icons]
print("| guidance | retrieval top-1 | top-5 | colours | backgrounds |\n| --- | --- | --- | --- | --- |")
for guidance in options.guidance:
    ranks = []
    for row, picture in enumerate(small(drawn(names, guidance))):
        distance = np.minimum(((bank - picture) ** 2).mean(1), ((mirrored - picture) ** 2).mean(1))
        ranks.append(int((distance < distance[row]).sum()))
    ranks = np.array(ranks)
    asked = [(colour, thing) for colour in COLOURS for thing in THINGS]
    pictures = drawn([f"a {colour} {thing}" for colour, thing in asked], guidance)
    colours = np.mean([colour_of_thing(p, colour) == colour for p, (colour, _) in zip(pictures, asked)])
    asked = [(colour, thing) for colour in COLOURS for thing in BEFORE]
    pictures = drawn([f"a {thing} on a {colour} background" for colour, thing in asked], guidance)
    backgrounds = np.mean([nearest_colour(np.median(edge(p), 0)) == colour for p, (colour, _) in zip(pictures, asked)])
    print(f"| {guidance:g} | {(ranks == 0).mean():.1%} | {(ranks < 5).mean():.1%} | {colours:.1%} | {backgrounds:.1%} |", flush=True)
print(f"{len(names)} emoji; chance: {1/len(names):.1%} and {5/len(names):.1%}")
