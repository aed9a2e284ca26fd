"""Captum's integrated gradients, one request a line: {"text", "target", "steps"} in, {"ms", "values", "sum", "expected"} out.

  python integrated_gradients.py <folder of the classifier>

One thread, zero embeddings as the baseline, Gauss-Legendre steps in one batch: Captum's defaults. The first line printed names versions.
"""
import json
import sys
import time
from importlib.metadata import version

import torch
from captum.attr import IntegratedGradients

from classifier import load

torch.set_num_threads(1)
model, tokenizer = load(sys.argv[1])
embedding = model.get_input_embeddings()
attribution = IntegratedGradients(lambda embeddings: model(inputs_embeds=embeddings).logits)
print(json.dumps({"captum": version("captum"), "torch": version("torch")}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    embeddings = embedding(tokenizer(request["text"], return_tensors="pt")["input_ids"])
    zero = torch.zeros_like(embeddings)
    began = time.perf_counter()
    values = attribution.attribute(embeddings, zero, target=request["target"], n_steps=request["steps"]).sum(-1)[0]
    taken = time.perf_counter() - began
    with torch.no_grad():
        ends = model(inputs_embeds=torch.cat([embeddings, zero])).logits[:, request["target"]]
    expected = (ends[0] - ends[1]).item()
    print(json.dumps({"ms": 1000 * taken, "values": values.tolist(), "sum": values.sum().item(), "expected": expected}), flush=True)
