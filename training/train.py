"""Trains the embedded model: rectified flow, x0-prediction, v-weighted loss. Resumable; stops by wall clock.

Usage: python3 train.py --data DIR --out DIR --minutes 90 [--threads 1] [--batch 24] [--rate 8e-4]
The whole schedule is `--minutes` of training time over all runs; a run goes on where the last checkpoint stopped.
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch

from data import Data
from model import Net
from sample import sheet

options = argparse.ArgumentParser()
options.add_argument("--data", default="out")
options.add_argument("--out", default="out")
options.add_argument("--minutes", type=float, default=90)
options.add_argument("--threads", type=int, default=1)
options.add_argument("--batch", type=int, default=16)
options.add_argument("--rate", type=float, default=8e-4)
options.add_argument("--start", help="folder of an earlier run with other emoji: its weights are the first ones")
options = options.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(1)
data = Data(options.data)
json.dump(data.vocab, open(os.path.join(options.out, "vocab.json"), "w"), ensure_ascii=False, separators=(",", ":"))
net = Net(len(data.vocab["words"]))
ema = [p.detach().clone() for p in net.parameters()]
optimiser = torch.optim.AdamW(net.parameters(), lr=options.rate, betas=(0.9, 0.99), weight_decay=0.01)
state = {"step": 0, "seconds": 0.0}
path = os.path.join(options.out, "checkpoint.pt")


def save():
    torch.save({"state": state, "weights": net.state_dict(), "ema": ema, "optimiser": optimiser.state_dict()}, path + ".new")
    os.replace(path + ".new", path)


if os.path.exists(path):
    saved = torch.load(path)
    state = saved["state"]
    optimiser.load_state_dict(saved["optimiser"])
    net.load_state_dict(saved["weights"])
    ema = saved["ema"]
elif options.start:
    weights = torch.load(os.path.join(options.start, "checkpoint.pt"))["weights"]
    earlier = json.load(open(os.path.join(options.start, "vocab.json")))["words"]
    rows = net.state_dict()["embed.weight"].clone()
    rows[0] = weights["embed.weight"][0]
    for word, row in data.vocab["words"].items():
        if word in earlier:
            rows[row] = weights["embed.weight"][earlier[word]]
    net.load_state_dict({**weights, "embed.weight": rows}, strict=False)
    ema = [p.detach().clone() for p in net.parameters()]

print(f"{sum(p.numel() for p in net.parameters())/1e6:.2f} M parameters, {len(data.icons)} emoji, {len(data.vocab['words'])} words", flush=True)
started, before, losses, last_save, last_sheet = time.time(), state["seconds"], [], time.time(), time.time()
while state["seconds"] < options.minutes * 60:
    rng = np.random.default_rng([7, state["step"]])
    x0, ids = data.batch(options.batch, rng)
    t = torch.sigmoid(torch.from_numpy(rng.normal(1.0, 1.2, options.batch).astype(np.float32))).clamp(0.02, 0.995)
    noise = torch.from_numpy(rng.standard_normal(x0.shape).astype(np.float32))
    mix = t[:, None, None, None]
    guess = net((1 - mix) * x0 + mix * noise, t, ids)
    # Mostly high noise, and no more weight than 16 for low noise: shapes are decided early and were what was missing.
    # |v - v_hat|^2 = |x0 - guess|^2 / t^2 (rectified flow, Liu et al. 2022)
    loss = (((guess - x0) ** 2).mean((1, 2, 3)) / t.clamp(min=0.25) ** 2).mean()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    progress = state["seconds"] / (options.minutes * 60)
    rate = options.rate * min(1, (state["step"] + 1) / 200) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1, progress))))
    for group in optimiser.param_groups:
        group["lr"] = rate
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimiser.step()
    state["step"] += 1
    if state["step"] % 8 == 0:
        keep = min(0.9995, 1 - 8 / (8 + state["step"])) ** 8
        with torch.no_grad():
            for average, weight in zip(ema, net.parameters()):
                average.lerp_(weight, 1 - keep)
    losses.append(loss.item())
    state["seconds"] = before + time.time() - started
    if state["step"] % 50 == 0:
        done = (time.time() - started) / max(1, len(losses))
        print(f"step {state['step']} {state['seconds']/60:.1f} min loss {np.mean(losses[-100:]):.4f} rate {rate:.2e} {options.batch/done:.0f}/s", flush=True)
    if time.time() - last_save > 300:
        save()
        last_save = time.time()
    if time.time() - last_sheet > 900:
        sheet(data.vocab, ema, os.path.join(options.out, f"sheet-{int(state['seconds']//60):03d}.png"))
        last_sheet = time.time()
save()
sheet(data.vocab, ema, os.path.join(options.out, "sheet-last.png"))
