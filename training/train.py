"""Trains the embedded model: rectified flow, x0-prediction, v-weighted loss. Resumable; stops by wall clock.

Usage: python3 train.py --data DIR --out DIR --minutes 90 [--until 16:00] [--from CHECKPOINT] [--threads 2] [--batch 24] [--rate 8e-4]
The whole schedule is `--minutes` of training time over all runs; a run goes on where the last checkpoint stopped. `--until` ends it by
the clock instead. `--from` begins with the averaged weights of another run, words matched by their spelling (vocab.json lies beside
the checkpoint); emoji that it knew come up half as often as new ones.

Each thread is a process with its own part of the batch and of the optimiser; weights, averages and gradients are fp32, one long
vector each in shared memory. Processes wait for each other three times a step, OpenMP's threads hundreds of times: on a machine
that has other work too, those waits made two threads slower than one. The network computes in bf16 where the processor has it.
"""
import argparse
import datetime
import json
import math
import os
import time

import numpy as np
import torch
import torch.multiprocessing as mp

from data import Data
from model import Net
from sample import PROMPTS, sheet
from weights import pieces, warm_start

BETAS, DECAY = (0.9, 0.99), 0.01
options = argparse.ArgumentParser()
options.add_argument("--data", default="out")
options.add_argument("--out", default="out")
options.add_argument("--minutes", type=float, default=90)
options.add_argument("--until", help="HH:MM, local time, today")
options.add_argument("--from", dest="before", help="checkpoint of another run")
options.add_argument("--threads", type=int, default=1)
options.add_argument("--batch", type=int, default=24)
options.add_argument("--rate", type=float, default=8e-4)
options.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
options = options.parse_args()
PATH = os.path.join(options.out, "checkpoint.pt")


def rate_at(state, minutes):
    progress = min(1, state["seconds"] / (minutes * 60))
    return options.rate * min(1, (state["step"] + 1) / 200) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * progress)))


def loss_of(net, data, kind, rng):
    batch = options.batch // options.threads
    x0, ids = data.batch(batch, rng)
    t = torch.sigmoid(torch.from_numpy(rng.normal(0.8, 1.3, batch).astype(np.float32))).clamp(0.02, 0.995)
    noise = torch.from_numpy(rng.standard_normal(x0.shape, np.float32))
    mix = t[:, None, None, None]
    noisy = ((1 - mix) * x0 + mix * noise).to(kind).contiguous(memory_format=torch.channels_last)
    guess = net(noisy, t, ids).float()
    # Mostly high noise, and no more weight than 16 for low noise: shapes are decided early and were what was missing.
    # |v - v_hat|^2 = |x0 - guess|^2 / t^2 (rectified flow, Liu et al. 2022)
    return (((guess - x0) ** 2).mean((1, 2, 3)) / t.clamp(min=0.25) ** 2).mean()


def save(shared, state, net, names):
    saved = {"state": state, "weights": shared["weights"], "ema": [p.clone() for p in pieces(shared["ema"], net)], "names": names}
    torch.save({**saved, "optimiser": {"mean": shared["mean"], "square": shared["square"]}}, PATH + ".new")
    os.replace(PATH + ".new", PATH)


def work(rank, data, net, shared, state, barrier):
    """One process: gradients of its part of the batch, then AdamW (Loshchilov & Hutter 2019) on its part of the weights."""
    torch.set_num_threads(1)
    kind = torch.bfloat16 if options.precision == "bf16" else torch.float32
    names = [name for name, _ in net.named_parameters()]
    net = net.to(kind).to(memory_format=torch.channels_last)
    net.frequencies = net.frequencies.float()  # bf16 is too coarse for the angles of the time embedding
    own = slice(*(len(shared["weights"]) * part // options.threads for part in (rank, rank + 1)))
    weights, ema, mean, square = (shared[name][own] for name in ("weights", "ema", "mean", "square"))
    started, spent, losses, last_save, last_sheet, first = time.time(), state["seconds"], [], time.time(), time.time(), state["step"]
    while True:
        with torch.no_grad():
            for parameter, piece in zip(net.parameters(), pieces(shared["weights"], net)):
                parameter.copy_(piece)
        loss = loss_of(net, data, kind, np.random.default_rng([8, state["step"], rank]))
        net.zero_grad(set_to_none=True)
        loss.backward()
        losses.append(loss.item())
        shared["gradients"][rank] = torch.cat([p.grad.reshape(-1) for p in net.parameters()])
        if rank == 0:
            state["seconds"] = spent + time.time() - started
            shared["control"][:] = torch.tensor([rate_at(state, options.minutes), float(state["seconds"] > options.minutes * 60)])
        barrier.wait(900)
        rate, stop = shared["control"].tolist()
        if stop:
            break
        gradient = shared["gradients"][:, own].mean(0)
        shared["norms"][rank] = gradient.square().sum()
        barrier.wait(900)
        gradient *= min(1.0, 1 / (shared["norms"].sum().sqrt().item() + 1e-6))
        state["step"] += 1
        step = state["step"]
        mean.lerp_(gradient, 1 - BETAS[0])
        square.mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
        weights.mul_(1 - rate * DECAY)
        weights.addcdiv_(mean, (square / (1 - BETAS[1] ** step)).sqrt_().add_(1e-8), value=-rate / (1 - BETAS[0] ** step))
        if step % 8 == 0:
            ema.lerp_(weights, 1 - min(0.9995, 1 - 8 / (8 + step)) ** 8)
        barrier.wait(900)
        if rank == 0 and step % 50 == 0:
            speed = (step - first) * options.batch / (time.time() - started)
            print(f"step {step} {state['seconds']/60:.1f} min loss {np.mean(losses[-100:]):.4f} rate {rate:.2e} {speed:.0f}/s", flush=True)
        if rank == 0 and time.time() - last_save > 300:
            save(shared, state, net, names)
            last_save = time.time()
        if rank == 0 and time.time() - last_sheet > 1200:
            sheet(data.vocab, pieces(shared["ema"], net), os.path.join(options.out, f"sheet-{int(state['seconds']//60):03d}.png"), PROMPTS[::5])
            last_sheet = time.time()
    if rank == 0:
        save(shared, state, net, names)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    exam = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "exam.json")))
    before = json.load(open(os.path.join(os.path.dirname(options.before), "vocab.json"))) if options.before else None
    data = Data(options.data, exam, first=set(before["emoji"]) if before else None)
    words = data.vocab["words"]
    json.dump(data.vocab, open(os.path.join(options.out, "vocab.json"), "w"), ensure_ascii=False, separators=(",", ":"))
    net = Net(len(words))
    if before:
        warm_start(net, torch.load(options.before), before["words"], words)
    weights = torch.cat([p.detach().reshape(-1) for p in net.parameters()])
    shared = {"weights": weights, "ema": weights.clone(), "mean": torch.zeros_like(weights), "square": torch.zeros_like(weights)}
    shared |= {"gradients": torch.zeros(options.threads, len(weights)), "norms": torch.zeros(options.threads), "control": torch.zeros(2)}
    state = {"step": 0, "seconds": 0.0}
    if os.path.exists(PATH):
        saved = torch.load(PATH)
        state = saved["state"]
        shared |= {"weights": saved["weights"], "ema": torch.cat([p.reshape(-1) for p in saved["ema"]]), **saved["optimiser"]}
    for vector in shared.values():
        vector.share_memory_()
    if options.until:
        now = datetime.datetime.now()
        end = datetime.datetime.combine(now.date(), datetime.time.fromisoformat(options.until))
        options.minutes = (state["seconds"] + (end - now).total_seconds()) / 60
    print(f"{len(weights)/1e6:.2f} M parameters, {len(data.icons)} emoji, {len(words)} words, {options.minutes:.0f} minutes", flush=True)
    context = mp.get_context("fork")
    barrier = context.Barrier(options.threads)
    others = [context.Process(target=work, args=(rank, data, net, shared, state, barrier)) for rank in range(1, options.threads)]
    for process in others:
        process.start()
    work(0, data, net, shared, state, barrier)


if __name__ == "__main__":
    main()
