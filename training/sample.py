"""Draws a sheet of the exam's 200 prompts with the EMA weights: Euler in sigma space (the TypeScript samplers do the same), guidance 4.

Usage: python3 sample.py --out DIR
"""
import argparse
import json
import os

import numpy as np
import torch
from PIL import Image, ImageDraw

from model import Net
from text import MAX_WORDS, tokenise

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "exam.json")) as file:
    EXAM = json.load(file)
PROMPTS = [prompt for prompts in EXAM["prompts"].values() for prompt in prompts]


def load(vocab, weights):
    net = Net(len(vocab["words"]))
    with torch.no_grad():
        for p, w in zip(net.parameters(), weights):
            p.copy_(w)
    return net.eval()


@torch.no_grad()
def draw(net, vocab, prompts, seeds, steps=20, guidance=4.0):
    """One picture a prompt, each from the noise of its own seed."""
    ids = np.zeros((len(prompts), MAX_WORDS), np.int64)
    for row, prompt in enumerate(prompts):
        found, _ = tokenise(prompt, vocab)
        ids[row, : len(found)] = found
    ids = torch.from_numpy(ids)
    rho, high, low = 7, 14.6146, 0.0292
    sigmas = [(high ** (1 / rho) + i / (steps - 1) * (low ** (1 / rho) - high ** (1 / rho))) ** rho for i in range(steps)] + [0.0]
    x = sigmas[0] * torch.stack([torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(seed)) for seed in seeds])
    for sigma, after in zip(sigmas, sigmas[1:]):
        t = torch.full((len(prompts),), sigma / (1 + sigma))
        scaled = x / (1 + sigma)
        with_words, without = net(scaled, t, ids), net(scaled, t, torch.zeros_like(ids))
        guess = without + guidance * (with_words - without)
        x = guess if after == 0 else x + (x - guess) / sigma * (after - sigma)
    return ((x.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def sheet(vocab, weights, path, prompts, seed=None, columns=14, **settings):
    """A picture of all prompts; without a seed the n-th has seed n."""
    net = load(vocab, weights)
    cell, height = 72, 92
    rows = -(-len(prompts) // columns)
    canvas = Image.new("RGB", (columns * cell - 8, rows * height), "white")
    pen = ImageDraw.Draw(canvas)
    for row in range(rows):
        some = prompts[row * columns : (row + 1) * columns]
        seeds = [row * columns + index + 1 if seed is None else seed for index in range(len(some))]
        for index, (prompt, picture) in enumerate(zip(some, draw(net, vocab, some, seeds, **settings))):
            canvas.paste(Image.fromarray(picture), (index * cell, row * height))
            for symbol, name in vocab["emoji"].items():  # the font has no emoji
                prompt = prompt.replace(symbol, f"[{name}]")
            for line in range(3):
                pen.text((index * cell, row * height + 64 + 8 * line), prompt[12 * line : 12 * line + 12], fill="black")
    canvas.save(path)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="out")
    options.add_argument("--guidance", type=float, default=4.0)
    options.add_argument("--sheet", default="sheet.png")
    options = options.parse_args()
    saved = torch.load(os.path.join(options.out, "checkpoint.pt"))
    vocab = json.load(open(os.path.join(options.out, "vocab.json")))
    sheet(vocab, saved["ema"], os.path.join(options.out, options.sheet), PROMPTS, guidance=options.guidance)
    print("step", saved["state"]["step"], "minutes", saved["state"]["seconds"] / 60)
