"""Nearest-drawing retrieval: is the picture drawn for an emoji's name nearest to that emoji, among all that were learnt?

Distance: mean squared RGB at 16x16, the better of the drawing and its mirror image. Usage: python3 evaluate.py --data DIR --out DIR
"""
import argparse
import json
import os

import numpy as np
import torch

from data import Data
from sample import draw, load

options = argparse.ArgumentParser()
options.add_argument("--data", default="out")
options.add_argument("--out", default="out")
options.add_argument("--seed", type=int, default=11)
options.add_argument("--guidance", type=float, nargs="+", default=[2.0, 4.0, 6.0])
options = options.parse_args()


def small(pictures):
    return pictures.reshape(len(pictures), 16, 4, 16, 4, 3).mean((2, 4)).reshape(len(pictures), -1)


data = Data(options.data)
saved = torch.load(os.path.join(options.out, "checkpoint.pt"))
vocab = json.load(open(os.path.join(options.out, "vocab.json")))
net = load(vocab, saved["ema"])
rgba = data.pixels[:, 0].astype(np.float32)
alpha = rgba[..., 3:] / 255
truth = rgba[..., :3] * alpha + 255 * (1 - alpha)
bank, mirrored = small(truth), small(truth[:, :, ::-1])
names = [icon["label"] for icon in data.icons]
for guidance in options.guidance:
    ranks = []
    for start in range(0, len(names), 32):
        drawn = small(draw(net, vocab, names[start : start + 32], options.seed, guidance=guidance).astype(np.float32))
        for row, picture in enumerate(drawn):
            distance = np.minimum(((bank - picture) ** 2).mean(1), ((mirrored - picture) ** 2).mean(1))
            ranks.append(int((distance < distance[start + row]).sum()))
    ranks = np.array(ranks)
    print(f"guidance {guidance:g}: top-1 {(ranks == 0).mean():.1%}, top-5 {(ranks < 5).mean():.1%} of {len(names)} (chance {1/len(names):.1%}, {5/len(names):.1%})")
