"""Exports the trained network for the bot: model.onnx (weights as fp16), vocab.json and model.json.

Usage: python3 export.py --out DIR --to ../data/models/emoji
DIR holds checkpoint.pt and vocab.json of train.py. The exported graph is run by check.mjs (onnxruntime in Node) on
random inputs and compared with PyTorch on the same rounded weights.
"""
import argparse
import hashlib
import json
import os
import subprocess
import tempfile
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from grammar import PLACE_STEP, PLACES
from sample import load
from text import MAX_WORDS, with_lists

PIXELS = 64
SMALL = 256  # tensors below this many numbers stay fp32: they weigh nothing and are mostly norms and frequencies


def halve(model):
    """Large fp32 initialisers become fp16 with a Cast behind each; onnxruntime folds the Casts when it loads the file."""
    kept, casts = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < SMALL:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + "_fp16"))
        casts.append(helper.make_node("Cast", [tensor.name + "_fp16"], [tensor.name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    return model


def export(net, path):
    inputs = (torch.randn(2, 3, PIXELS, PIXELS), torch.tensor([0.5, 0.5]), torch.ones(2, MAX_WORDS, dtype=torch.int64))
    names = ["x", "t", "ids", "x0"]
    torch.onnx.export(
        net, inputs, path, opset_version=17, input_names=names[:3], output_names=names[3:],
        dynamic_axes={name: {0: "batch"} for name in names},
    )
    model = halve(onnx.load(path))
    onnx.checker.check_model(model)
    model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, path)


@torch.no_grad()
def check(net, vocab_size, path):
    """Runs the file in Node on random inputs of three batch sizes; raises when it differs from PyTorch."""
    random = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        for batch in (1, 2, 5):
            t = random.uniform(0.03, 0.94, batch).astype(np.float32)
            x = random.standard_normal((batch, 3, PIXELS, PIXELS)).astype(np.float32)
            ids = random.integers(0, vocab_size + 1, (batch, MAX_WORDS)) + PLACE_STEP * random.integers(0, PLACES, (batch, MAX_WORDS))
            x0 = net(torch.from_numpy(x), torch.from_numpy(t), torch.from_numpy(ids)).numpy()
            for name, values in {"x": x, "t": t, "ids": ids, "x0": x0}.items():
                values.tofile(os.path.join(folder, f"{batch}.{name}"))
        here = os.path.dirname(os.path.abspath(__file__))
        subprocess.run(["node", os.path.join(here, "check.mjs"), os.path.abspath(path), folder], check=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--out", default="out")
    options.add_argument("--to", default="../data/models/emoji")
    options = options.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="torch|model")  # notes of the tracer on constants of the architecture

    saved = torch.load(os.path.join(options.out, "checkpoint.pt"), map_location="cpu")
    vocab = with_lists(json.load(open(os.path.join(options.out, "vocab.json"))))
    net = load(vocab, [w if w.numel() < SMALL else w.half().float() for w in saved["ema"]])
    os.makedirs(options.to, exist_ok=True)
    path = os.path.join(options.to, "model.onnx")
    export(net, path)
    check(net, len(vocab["words"]), path)
    json.dump(vocab, open(os.path.join(options.to, "vocab.json"), "w"), ensure_ascii=False, separators=(",", ":"))
    about = {
        "name": "emoji",
        "pixels": PIXELS,
        "maxWords": MAX_WORDS,
        "words": len(vocab["words"]),
        "emoji": len(set(vocab["emoji"].values())),
        "parameters": sum(p.numel() for p in net.parameters()),
        "trainedMinutes": round(saved["state"]["seconds"] / 60),
        "trainedSteps": saved["state"]["step"],
        "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(),
    }
    with open(os.path.join(options.to, "model.json"), "w") as file:
        file.write(json.dumps(about, indent=2) + "\n")
    print(json.dumps(about), f"{os.path.getsize(path) / 1e6:.1f} MB")
