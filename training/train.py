"""Trains the embedded model: rectified flow, x0-prediction, v-weighted loss. Resumable; stops by wall clock.

Usage: python3 train.py --data DIR --out DIR --minutes 90 [--threads 1] [--batch 24] [--rate 8e-4] [--precision bf16]
The whole schedule is `--minutes` of training time over all runs; a run goes on where the last checkpoint stopped.
The network computes in bf16 where the processor has it; weights, averages and the optimiser are fp32, one long vector each.
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
options.add_argument("--batch", type=int, default=24)
options.add_argument("--rate", type=float, default=8e-4)
options.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
options = options.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(1)
data = Data(options.data)
json.dump(data.vocab, open(os.path.join(options.out, "vocab.json"), "w"), ensure_ascii=False, separators=(",", ":"))
net = Net(len(data.vocab["words"]))
flat = torch.nn.Parameter(torch.cat([p.detach().reshape(-1) for p in net.parameters()]))
ema = flat.detach().clone()
optimiser = torch.optim.AdamW([flat], lr=options.rate, betas=(0.9, 0.99), weight_decay=0.01)
state = {"step": 0, "seconds": 0.0}
path = os.path.join(options.out, "checkpoint.pt")
shapes = [p.shape for p in net.parameters()]
kind = torch.bfloat16 if options.precision == "bf16" else torch.float32
net = net.to(kind).to(memory_format=torch.channels_last)
net.frequencies = net.frequencies.float()  # bf16 is too coarse for the angles of the time embedding


def pieces(vector):
    """The long vector cut into the shapes of the network's parameters."""
    return [part.reshape(shape) for part, shape in zip(vector.split([s.numel() for s in shapes]), shapes)]


@torch.no_grad()
def into_network():
    for parameter, piece in zip(net.parameters(), pieces(flat)):
        parameter.copy_(piece)


def save():
    saved = {"state": state, "weights": flat.detach(), "ema": [p.clone() for p in pieces(ema)], "optimiser": optimiser.state_dict()}
    torch.save(saved, path + ".new")
    os.replace(path + ".new", path)


if os.path.exists(path):
    saved = torch.load(path)
    state = saved["state"]
    optimiser.load_state_dict(saved["optimiser"])
    with torch.no_grad():
        flat.copy_(saved["weights"])
        ema.copy_(torch.cat([p.reshape(-1) for p in saved["ema"]]))
into_network()

print(f"{flat.numel()/1e6:.2f} M parameters, {len(data.icons)} emoji, {len(data.vocab['words'])} words", flush=True)
started, before, losses, last_save, last_sheet = time.time(), state["seconds"], [], time.time(), time.time()
while state["seconds"] < options.minutes * 60:
    rng = np.random.default_rng([7, state["step"]])
    x0, ids = data.batch(options.batch, rng)
    t = torch.sigmoid(torch.from_numpy(rng.normal(0.8, 1.3, options.batch).astype(np.float32))).clamp(0.02, 0.995)
    noise = torch.from_numpy(rng.standard_normal(x0.shape, np.float32))
    mix = t[:, None, None, None]
    noisy = ((1 - mix) * x0 + mix * noise).to(kind).contiguous(memory_format=torch.channels_last)
    guess = net(noisy, t, ids).float()
    # Mostly high noise, and no more weight than 16 for low noise: shapes are decided early and were what was missing.
    # |v - v_hat|^2 = |x0 - guess|^2 / t^2 (rectified flow, Liu et al. 2022)
    loss = (((guess - x0) ** 2).mean((1, 2, 3)) / t.clamp(min=0.25) ** 2).mean()
    net.zero_grad(set_to_none=True)
    loss.backward()
    flat.grad = torch.cat([p.grad.reshape(-1) for p in net.parameters()]).float()
    torch.nn.utils.clip_grad_norm_([flat], 1.0)
    progress = state["seconds"] / (options.minutes * 60)
    rate = options.rate * min(1, (state["step"] + 1) / 200) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1, progress))))
    optimiser.param_groups[0]["lr"] = rate
    optimiser.step()
    into_network()
    state["step"] += 1
    if state["step"] % 8 == 0:
        ema.lerp_(flat.detach(), 1 - min(0.9995, 1 - 8 / (8 + state["step"])) ** 8)
    losses.append(loss.item())
    state["seconds"] = before + time.time() - started
    if state["step"] % 50 == 0:
        done = (time.time() - started) / max(1, len(losses))
        print(f"step {state['step']} {state['seconds']/60:.1f} min loss {np.mean(losses[-100:]):.4f} rate {rate:.2e} {options.batch/done:.0f}/s", flush=True)
    if time.time() - last_save > 300:
        save()
        last_save = time.time()
    if time.time() - last_sheet > 900:
        sheet(data.vocab, pieces(ema), os.path.join(options.out, f"sheet-{int(state['seconds']//60):03d}.png"))
        last_sheet = time.time()
save()
sheet(data.vocab, pieces(ema), os.path.join(options.out, "sheet-last.png"))
