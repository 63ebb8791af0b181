"""RealNVP in the plane in eager PyTorch. Workload: {"couplings", "hidden", "batch"}, two hidden layers in every network.

x1 = z1, x2 = z2 exp(s) + t with s = 3 tanh(r / 3) and r, t from a network of z1; the next coupling moves the other one.
"""

import math

import harness
import torch
from torch import nn
from torch_training import VERSIONS, set_threads, train
from workloads import parabola_rows_of, realnvp_parameters

VARIANTS = ["fused", "foreach"]
BOUND = 3.0


class Coupling(nn.Module):
    def __init__(self, parameters, hidden, i):
        super().__init__()
        sizes = [1, hidden, hidden, 2]
        layers = []
        for k in range(3):
            layer = nn.Linear(sizes[k], sizes[k + 1])
            layer.weight.data = torch.from_numpy(parameters[f"w{i}_{k}"].copy())
            layer.bias.data = torch.from_numpy(parameters[f"b{i}_{k}"].copy())
            layers += [layer, nn.ReLU()]
        self.network = nn.Sequential(*layers[:-1])

    def forward(self, kept):
        r, t = self.network(kept).chunk(2, dim=1)
        return BOUND * torch.tanh(r / BOUND), t


class RealNvp(nn.Module):
    def __init__(self, workload):
        super().__init__()
        parameters = realnvp_parameters(workload)
        self.couplings = nn.ModuleList(
            Coupling(parameters, workload["hidden"], i) for i in range(workload["couplings"])
        )

    def loss(self, x):
        """Negative log-likelihood in nats of x [batch, 2], mean over the batch: from the data to the noise."""
        a, b = x.chunk(2, dim=1)
        log_det = 0
        for i in reversed(range(len(self.couplings))):
            kept, moved = (a, b) if i % 2 == 0 else (b, a)
            s, t = self.couplings[i](kept)
            moved = (moved - t) * torch.exp(-s)
            log_det = log_det - s
            a, b = (kept, moved) if i % 2 == 0 else (moved, kept)
        log_p = log_det - 0.5 * (a * a + b * b)
        return -log_p.mean() + math.log(2 * math.pi)

    def sample(self, rows):
        """Points [rows, 2] and their log-probabilities [rows]."""
        z = torch.randn(rows, 2)
        a, b = z.chunk(2, dim=1)
        log_p = -0.5 * (a * a + b * b) - math.log(2 * math.pi)
        for i, coupling in enumerate(self.couplings):
            kept, moved = (a, b) if i % 2 == 0 else (b, a)
            s, t = coupling(kept)
            moved = moved * torch.exp(s) + t
            log_p = log_p - s
            a, b = (kept, moved) if i % 2 == 0 else (moved, kept)
        return torch.cat((a, b), 1), log_p.squeeze(1)


def build(workload, variant):
    model = RealNvp(workload)
    return train(model, model.loss, parabola_rows_of(workload), workload["batch"], variant)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
