"""Leaving out by Captum, Shapley values by SHAP and LIME by its authors' software, one request a line.

  python perturbation.py <folder of the classifier>

{"kind": "occlusion", "text", "target"} in: {"ms"} out.
{"kind": "shapley", "text", "target", "evaluations", "seed"} in: {"ms", "values"} out, a value for each token between the tokenizer's own.
{"kind": "lime", "text", "target", "samples", "seed"} in: {"ms", "values", "words"} out, a value for each word, and where it starts.
One thread; what is away is [MASK], except for a word of LIME, whose pieces are one [MASK]. The first line printed names versions.

  python perturbation.py <folder of the classifier> --reference <sentences.json> <seconds>

Shapley values of the longer texts by random orders with their reverses, as long as that, those of the shortest from all coalitions: what
shapley-reference.json holds.
"""
import json
import sys
import time
import warnings
from importlib.metadata import version
from math import comb

import numpy as np
import torch
from captum.attr import Occlusion
from lime.lime_text import LimeTextExplainer
from shap import PermutationExplainer

from classifier import load

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
BATCH = 32
MOST_EXACT_PLAYERS = 14
model, tokenizer = load(sys.argv[1])


def occlusion(ids, target):
    explained = Occlusion(lambda rows: model(input_ids=rows).logits)
    with torch.no_grad():
        explained.attribute(ids, (1,), baselines=tokenizer.mask_token_id, target=target, perturbations_per_eval=ids.shape[1])


def game(ids, target):
    """The target's logit by presence of tokens."""

    def logit(presence):
        found = []
        for first in range(0, len(presence), BATCH):
            some = np.asarray(presence[first : first + BATCH], dtype=bool)
            rows = ids.repeat(len(some), 1)
            rows[:, 1:-1][torch.from_numpy(~some)] = tokenizer.mask_token_id
            with torch.no_grad():
                found.append(model(input_ids=rows).logits[:, target].numpy())
        return np.concatenate(found)

    return logit


def shapley(ids, target, evaluations, seed):
    """SHAP's permutation explainer over presence of tokens, as its text explainer uses it."""
    players = ids.shape[1] - 2
    explainer = PermutationExplainer(game(ids, target), np.zeros((1, players)), seed=seed)
    found = explainer(np.ones((1, players)), max_evals=max(evaluations, 2 * players + 1), batch_size=BATCH, silent=True)
    return found.values[0].tolist()


def lime(text, target, samples, seed):
    def probabilities(texts):
        found = []
        for first in range(0, len(texts), BATCH):
            rows = tokenizer(texts[first : first + BATCH], return_tensors="pt", padding=True)
            with torch.no_grad():
                found.append(torch.softmax(model(**rows).logits, -1).numpy())
        return np.concatenate(found)

    explainer = LimeTextExplainer(bow=False, mask_string=tokenizer.mask_token, random_state=seed)
    found = explainer.explain_instance(text, probabilities, labels=(target,), num_features=10**6, num_samples=samples)
    values = dict(found.as_map()[target])
    domain = found.domain_mapper.indexed_string
    words = [int(domain.string_position(word)[0]) for word in range(domain.num_words())]
    return {"values": [float(values.get(word, 0.0)) for word in range(len(words))], "words": words}


def exact(logit, players):
    subsets = np.arange(2**players)
    presence = (subsets[:, None] >> np.arange(players)) & 1
    payoffs, sizes = logit(presence), presence.sum(1)
    weights = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    without = [subsets[(subsets >> player) & 1 == 0] for player in range(players)]
    gains = [np.sum(weights[sizes[rest]] * (payoffs[rest | (1 << player)] - payoffs[rest])) for player, rest in enumerate(without)]
    return {"values": [float(f"{gain:.6g}") for gain in gains], "orders": None, "error": 0}


def long_run(logit, players, seconds):
    random, gains, began = np.random.default_rng(7), [], time.time()
    while time.time() - began < seconds:
        order, pair = random.permutation(players), np.zeros(players)
        for one in (order, order[::-1]):
            presence = np.zeros((players + 1, players))
            presence[:, one] = np.tril(np.ones((players + 1, players)), -1)
            pair[one] += np.diff(logit(presence)) / 2
        gains.append(pair)
    error = np.linalg.norm(np.std(gains, 0, ddof=1)) / np.sqrt(len(gains)) / np.linalg.norm(np.mean(gains, 0))
    return {"values": [float(f"{gain:.6g}") for gain in np.mean(gains, 0)], "orders": 2 * len(gains), "error": float(f"{error:.2g}")}


def reference(texts, seconds):
    for text in texts:
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        players = ids.shape[1] - 2
        with torch.no_grad():
            logit = game(ids, int(model(input_ids=ids).logits[0].argmax()))
        yield {"text": text, **(exact(logit, players) if players <= MOST_EXACT_PLAYERS else long_run(logit, players, seconds))}


if "--reference" in sys.argv:
    sentences, seconds = sys.argv[sys.argv.index("--reference") + 1 :][:2]
    timing = json.load(open(sentences))["timing"]
    print(json.dumps({"texts": list(reference([timing[tokens] for tokens in ("16", "32", "64")], float(seconds)))}))
    sys.exit()

# Compiled at its first call, which is not timed.
shapley(tokenizer("A film.", return_tensors="pt")["input_ids"], 0, 20, 0)
print(json.dumps({"captum": version("captum"), "shap": version("shap"), "lime": version("lime")}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    text, target = request["text"], request["target"]
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    began = time.perf_counter()
    if request["kind"] == "occlusion":
        occlusion(ids, target)
        answer = {}
    elif request["kind"] == "shapley":
        answer = {"values": shapley(ids, target, request["evaluations"], request["seed"])}
    else:
        answer = lime(text, target, request["samples"], request["seed"])
    print(json.dumps({"ms": 1000 * (time.perf_counter() - began), **answer}), flush=True)
