"""Sits the exam of exam.json (which says how each part is marked) and prints the tables of the model card.

Usage: python3 evaluate.py --data DIR --out DIR [--guidance 4 3] [--steps 20] [--threads 2] [--only colours,compositions] [--sheet FILE]
PyTorch draws, by Euler on the Karras schedule; or, with --model FOLDER [--sampler NAME] [--scheduler NAME], the bot's own code draws with
the exported model (draw.mjs; Node 24).
"""
import argparse
import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.multiprocessing as mp

from data import Data
from marks import Bank, both_there, colour_of_edge, colour_of_thing, on_paper, part_bank, small, whole_bank
from names import PLAIN
from recolour import recolour
from sample import EXAM, PROMPTS, draw, load, sheet
from words import COLOURS

options = argparse.ArgumentParser()
options.add_argument("--data", default="out")
options.add_argument("--out", default="out")
options.add_argument("--guidance", type=float, nargs="+", default=[float(EXAM["settings"]["guidance"])])
options.add_argument("--steps", type=int, default=EXAM["settings"]["steps"])
options.add_argument("--threads", type=int, default=2)
options.add_argument("--only", default="retrieval,colours,backgrounds,compositions,speed")
options.add_argument("--every", type=int, default=1, help="retrieval of every n-th emoji only, among all; for a quick look")
options.add_argument("--model", help="folder of the exported model, drawn by the bot's code")
options.add_argument("--sampler", default="DPM++ 2M")
options.add_argument("--scheduler", default="Automatic")
options.add_argument("--sheet", help="file for the contact sheet of the 200 prompts")
options = options.parse_args()
CHUNK = 16

torch.set_num_threads(1)
data = Data(options.data, EXAM)
saved = torch.load(os.path.join(options.out, "checkpoint.pt"))
vocab = data.vocab
assert json.load(open(os.path.join(options.out, "vocab.json")))["words"] == vocab["words"], "trained on another list of emoji"
net = load(vocab, saved["ema"])
index_of = {icon["label"]: index for index, icon in enumerate(data.icons)}
index_of |= {PLAIN[label]: index for label, index in index_of.items() if label in PLAIN and PLAIN[label] not in index_of}


def draw_some(job):
    prompts, first, guidance = job
    seed = EXAM["settings"]["seed"]
    return draw(net, vocab, prompts, [seed + first + i for i in range(len(prompts))], steps=options.steps, guidance=guidance)


def draw_by_bot(prompts, seeds, guidance):
    job = {"prompts": prompts, "seeds": seeds, "steps": options.steps, "guidance": guidance}
    job |= {"sampler": options.sampler, "scheduler": options.scheduler}
    command = ["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "draw.mjs"), options.model]
    pixels = subprocess.run(command, input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(pixels, np.uint8).reshape(-1, 64, 64, 3)


def drawn(pool, prompts, guidance):
    """The n-th prompt of a list is drawn with the exam's seed plus n."""
    if options.model:
        seeds = [EXAM["settings"]["seed"] + i for i in range(len(prompts))]
        parts = [slice(n, None, options.threads) for n in range(options.threads)]
        pictures = np.empty((len(prompts), 64, 64, 3), np.float32)
        with ThreadPoolExecutor(options.threads) as several:
            for part, some in zip(parts, several.map(lambda part: draw_by_bot(prompts[part], seeds[part], guidance), parts)):
                pictures[part] = some
        return pictures
    jobs = [(prompts[i : i + CHUNK], i, guidance) for i in range(0, len(prompts), CHUNK)]
    return np.concatenate(pool.map(draw_some, jobs, chunksize=1)).astype(np.float32)


def retrieval(pool, guidance):
    bank = whole_bank(data)
    asked = range(0, len(data.icons), options.every)
    pictures = small(drawn(pool, [data.icons[index]["label"] for index in asked], guidance))
    ranks = np.array([bank.rank(picture, index) for picture, index in zip(pictures, asked)])
    worst = [data.icons[asked[i]]["label"] for i in np.argsort(-ranks)[:20]]
    # Learnt by heart: how far a picture is from the nearest drawing of the training, and how far that one is from its own nearest neighbour.
    to_nearest = [bank.distances(picture).min() ** 0.5 for picture in pictures]
    between = [np.partition(bank.distances(bank.rows[index]), 1)[1] ** 0.5 for index in asked]
    by_heart = np.median(np.array(to_nearest) / np.maximum(between, 1e-6))
    marks = {"retrieval top-1": (ranks == 0).mean(), "top-5": (ranks < 5).mean()}
    return marks | {"distance to the nearest drawing, of that between neighbours": by_heart}, worst


def asked_in(colour, thing):
    rgba = data.pixels[index_of[thing], 0].astype(np.float32) / 255
    rgb = recolour(rgba[..., :3], rgba[..., 3], colour)
    return None if rgb is None else on_paper(np.concatenate([rgb * 255, rgba[..., 3:] * 255], -1))


def colours(pool, guidance):
    exam = EXAM["colours"]
    asked = [(colour, thing) for colour in exam["colours"] for thing in exam["things"]]
    pictures = drawn(pool, [f"a {colour} {thing}" for colour, thing in asked], guidance)
    right = np.array([colour_of_thing(p, colour) == colour for p, (colour, _) in zip(pictures, asked)])
    held = np.array([colour in exam["held"].get(thing, ()) for colour, thing in asked])
    # Every drawing in every colour that the training may have shown, and whether a picture of a held one is nearer to any of them.
    known = list(on_paper(data.pixels[:, 0]))
    things = {index_of[thing]: thing for thing in exam["things"]}
    for index in range(len(data.icons)):
        for colour in COLOURS:
            if colour not in exam["held"].get(things.get(index), ()):
                picture = asked_in(colour, data.icons[index]["label"])
                known += [] if picture is None else [picture]
    bank = Bank(small(np.stack(known)))
    new = []
    for picture, pair in zip(pictures[held], (pair for pair, kept in zip(asked, held) if kept)):
        row = small(picture[None])[0]
        new.append(Bank(small(asked_in(*pair)[None])).distances(row)[0] < bank.distances(row).min())
    worst = [" ".join(pair) for pair, ok in zip(asked, right) if not ok]
    marks = {"colours": right.mean(), "of these never trained": right[held].mean(), "nearest to what it never saw": np.mean(new)}
    return marks, worst


def backgrounds(pool, guidance):
    asked = [(colour, thing) for colour in EXAM["colours"]["colours"] for thing in EXAM["backgrounds"]]
    pictures = drawn(pool, [f"a {thing} on a {colour} background" for colour, thing in asked], guidance)
    right = [colour_of_edge(p) == colour for p, (colour, _) in zip(pictures, asked)]
    return {"backgrounds": np.mean(right)}, [" ".join(pair) for pair, ok in zip(asked, right) if not ok]


def compositions(pool, guidance):
    rows, bank = EXAM["compositions"], part_bank(data)
    pictures = drawn(pool, [row["prompt"] for row in rows], guidance)
    there = np.array([both_there(p, row, bank, index_of) for p, row in zip(pictures, rows)])
    held, both = np.array([row["held"] for row in rows]), there.all(1)
    marks = {"compositions": both.mean(), "of these never trained": both[held].mean(), "single things of them": there.mean()}
    return marks, [row["prompt"] for row, ok in zip(rows, both) if not ok]


def speed(pool, guidance):
    draw(net, vocab, ["a cat"], [1], steps=2)
    started = time.process_time()
    draw(net, vocab, ["a cat"], [1], steps=options.steps, guidance=guidance)
    return {"seconds of one core for a picture, PyTorch": time.process_time() - started}, []


if __name__ == "__main__":
    with mp.get_context("fork").Pool(options.threads) as pool:
        for guidance in options.guidance:
            method = f"{options.sampler} {options.scheduler}, drawn by the bot" if options.model else "Euler Karras, drawn by PyTorch"
            print(f"{method}, guidance {guidance:g}, {options.steps} steps, {len(data.icons)} emoji\n\n| | |\n| --- | --- |")
            missed = {}
            for part in options.only.split(","):
                marks, missed[part] = globals()[part](pool, guidance)
                for name, value in marks.items():
                    print(f"| {name} | {value:.2f} |" if part == "speed" else f"| {name} | {value:.1%} |", flush=True)
            print("\n" + "\n".join(f"{part}, missed: {', '.join(rows)}" for part, rows in missed.items() if rows) + "\n", flush=True)
    if options.sheet:
        sheet(vocab, saved["ema"], options.sheet, PROMPTS, guidance=options.guidance[0])
