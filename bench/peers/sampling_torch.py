"""Samples of autoregressive models of bits in PyTorch. Workload: {"model": "nade", "made" or "gru", "sites", "hidden", "rows"}.

A step draws `rows` configurations with their log-probabilities. Variants: `passes` evaluates the network from the start
for every site, `incremental` carries the hidden pre-activations (the state of a GRU) from site to site; the number is
the rows of one call. For NADE a pass from the start is the product with the sites drawn so far, the least it can be.
"""

import harness
import torch
from torch.nn import functional as F
from torch_training import VERSIONS, set_threads
from workloads import gru_parameters, made_parameters, nade_parameters

VARIANTS = ["incremental 100", "incremental 250", "incremental 1000", "incremental 2500", "passes 1000"]


def _bit(logit):
    """Bits [rows] by their logits, and the log-probabilities of these bits."""
    x = (torch.rand_like(logit) < torch.sigmoid(logit)).float()
    return x, -F.binary_cross_entropy_with_logits(logit, x, reduction="none")


def passes(sites, logit_of, rows):
    """`logit_of(x, i)` is the logit of site i from x [rows, sites], evaluated from the start."""
    x, log_p = torch.zeros(rows, sites), torch.zeros(rows)
    for i in range(sites):
        bit, l = _bit(logit_of(x, i))
        x[:, i] = bit
        log_p += l
    return x, log_p


def hidden_sampler(p, rows):
    """NADE and MADE with one hidden layer, by carried pre-activations; masked weights are zero."""
    w, v = p["w1"].t().contiguous(), p["w2"]
    sites = v.shape[0]
    x, log_p = torch.empty(rows, sites), torch.zeros(rows)
    a = p["b1"].expand(rows, -1).clone()
    for i in range(sites):
        bit, l = _bit(F.relu(a) @ v[i] + p["b2"][i])
        x[:, i] = bit
        log_p += l
        a.addr_(bit, w[i])
    return x, log_p


def gru_sampler(cell, out, sites, rows):
    x, log_p = torch.empty(rows, sites), torch.zeros(rows)
    h, previous = torch.zeros(rows, cell.hidden_size), torch.zeros(rows, 2)
    for i in range(sites):
        h = cell(previous, h)
        logits = out(h)
        bit, l = _bit(logits[:, 1] - logits[:, 0])
        x[:, i] = bit
        log_p += l
        previous = torch.stack((1 - bit, bit), 1)
    return x, log_p


def _gru(units):
    p = {name: torch.from_numpy(value.copy()) for name, value in gru_parameters(units).items()}
    cell, out = torch.nn.GRUCell(2, units), torch.nn.Linear(units, 2)
    for parameter, name in zip(cell.parameters(), ("w_input", "w_hidden", "b_input", "b_hidden"), strict=True):
        parameter.data = p[name]
    out.weight.data, out.bias.data = p["w_out"], p["b_out"]
    return cell, out


def sampler(workload, form):
    """`draw(rows)` returns bits [rows, sites] and log-probabilities [rows]."""
    model, sites, hidden = workload["model"], workload["sites"], workload["hidden"]
    if model == "gru":
        cell, out = _gru(hidden)
        if form == "incremental":
            return lambda rows: gru_sampler(cell, out, sites, rows)
        raise ValueError("a GRU carries its state")
    make = {"nade": nade_parameters, "made": made_parameters}[model]
    p = {name: torch.from_numpy(value) for name, value in make(sites, hidden).items()}
    if form == "incremental":
        return lambda rows: hidden_sampler(p, rows)
    if model == "made":
        logit = lambda x, i: F.linear(F.relu(F.linear(x, p["w1"], p["b1"])), p["w2"], p["b2"])[:, i]
    else:
        logit = lambda x, i: F.relu(x[:, :i] @ p["w1"][:, :i].t() + p["b1"]) @ p["w2"][i] + p["b2"][i]
    return lambda rows: passes(sites, logit, rows)


def build(workload, variant):
    form, rows = variant.split()
    draw, rows = sampler(workload, form), int(rows)
    if workload["rows"] % rows:
        raise ValueError(f"{workload['rows']} rows are no multiple of {rows}")

    def run(steps):
        with torch.inference_mode():
            for _ in range(steps):
                total = sum(draw(rows)[1].sum() for _ in range(workload["rows"] // rows))
        return -total.item() / workload["rows"]

    return run


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
