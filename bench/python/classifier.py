"""The embedded classifier in PyTorch: the same float32 weights that the page computes with.

Reads the int8 ONNX file of a hub folder and dequantises as its DequantizeLinear nodes do, so both compute one function.
"""
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from transformers import AutoConfig, AutoTokenizer, BertForSequenceClassification


def _weights(path):
    """Values of a graph by the names of their tensors, dequantised."""
    graph = onnx.load(str(path)).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type != "DequantizeLinear" or node.input[0] not in values:
            continue
        quantised, scale = values[node.input[0]], values[node.input[1]]
        zero = values[node.input[2]] if len(node.input) > 2 else np.zeros_like(scale, dtype=quantised.dtype)
        axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
        shape = [1] * quantised.ndim
        if scale.ndim == 1 and scale.size > 1:
            shape[axis] = scale.size
        shifted = quantised.astype(np.int32) - zero.astype(np.int32).reshape(shape)
        values[node.output[0]] = shifted.astype(np.float32) * scale.astype(np.float32).reshape(shape)
    return graph, values


def load(folder):
    """The model and its tokenizer, from a folder in hub layout."""
    folder = Path(folder)
    config = AutoConfig.from_pretrained(folder)
    config._attn_implementation = "sdpa"
    model = BertForSequenceClassification(config)
    graph, values = _weights(folder / "onnx" / "model_quantized.onnx")
    state = {}
    for name, value in values.items():
        plain = name.removesuffix("_dequantized")
        if plain.startswith(("bert.", "classifier.")) and not plain.endswith(("_quantized", "_scale", "_zero_point")):
            state[plain] = value
    for node in graph.node:
        kind = node.op_type
        is_linear = kind == "MatMul" or (kind == "Gemm" and not any(a.name == "transB" and a.i for a in node.attribute))
        if is_linear and node.input[1] in values:
            module = node.name.removesuffix(f"/{kind}").strip("/").replace("/", ".")
            state[f"{module}.weight"] = values[node.input[1]].T
    found = {name: torch.from_numpy(np.array(value, order="C")) for name, value in state.items()}
    missing, unexpected = model.load_state_dict(found, strict=False)
    missing = [name for name in missing if not name.endswith(("position_ids", "token_type_ids"))]
    if missing or unexpected:
        raise SystemExit(f"weights do not fit: missing {missing}, unexpected {unexpected}")
    model.eval().requires_grad_(False)
    return model, AutoTokenizer.from_pretrained(folder)
