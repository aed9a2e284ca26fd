"""Leaving out by Captum and Shapley values by SHAP, one request a line.

  python perturbation.py <folder of the classifier>

{"kind": "occlusion", "text", "target"} in: {"ms"} out. {"kind": "shapley", "text", "target", "evaluations"} in: {"ms", "values"} out, a value for
each token between the tokenizer's own. One thread; a token is taken away by [MASK]. The first line printed names versions.
"""
import json
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np
import torch
from captum.attr import Occlusion
from shap import PermutationExplainer

from classifier import load

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
model, tokenizer = load(sys.argv[1])
print(json.dumps({"captum": version("captum"), "shap": version("shap")}), flush=True)


def occlusion(ids, target):
    explained = Occlusion(lambda rows: model(input_ids=rows).logits)
    with torch.no_grad():
        explained.attribute(ids, (1,), baselines=tokenizer.mask_token_id, target=target, perturbations_per_eval=ids.shape[1])


def shapley(ids, target, evaluations):
    """SHAP's permutation explainer over presence of tokens, as its text explainer uses it."""
    players = ids.shape[1] - 2

    def logit(presence):
        rows = ids.repeat(len(presence), 1)
        absent = torch.from_numpy(~np.asarray(presence, dtype=bool))
        rows[:, 1:-1][absent] = tokenizer.mask_token_id
        with torch.no_grad():
            return model(input_ids=rows).logits[:, target].numpy()

    explainer = PermutationExplainer(logit, np.zeros((1, players)), seed=0)
    found = explainer(np.ones((1, players)), max_evals=max(evaluations, 2 * players + 1), batch_size=32, silent=True)
    return found.values[0].tolist()


for line in sys.stdin:
    request = json.loads(line)
    ids = tokenizer(request["text"], return_tensors="pt")["input_ids"]
    began = time.perf_counter()
    answer = {}
    if request["kind"] == "occlusion":
        occlusion(ids, request["target"])
    else:
        answer = {"values": shapley(ids, request["target"], request["evaluations"])}
    print(json.dumps({"ms": 1000 * (time.perf_counter() - began), **answer}), flush=True)
