"""Samples of RealNVP in PyTorch. Workload: {"couplings", "hidden", "rows"}; a step draws `rows` points with their
log-probabilities. The number of a variant is the rows of one call.
"""

import harness
import torch
from realnvp_torch import RealNvp
from torch_training import VERSIONS, set_threads

VARIANTS = ["500", "1000", "5000", "20000", "100000"]


def build(workload, variant):
    model, rows = RealNvp(workload), int(variant)

    def run(steps):
        with torch.inference_mode():
            for _ in range(steps):
                total = sum(model.sample(rows)[1].sum() for _ in range(workload["rows"] // rows))
        return -total.item() / workload["rows"]

    return run


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
