"""A flow of phi^4 fields by reverse KL in eager PyTorch. Workload: {"side", "couplings", "channels", "batch"}.

Checkerboard couplings x = z exp(s) + t with s = 3 tanh(r / 3), which move even and odd sites in turn; r and t come from
the other sites by two periodic 3 x 3 convolutions, the second among the moved sites, tanh after each, and a 1 x 1 one. The
loss is the mean of log q + S over noise that lies in memory. Variants: `conv` masks images and convolves them; `matrix` fills
the matrix of all sites with the kernel, as the library does on small lattices; and which of Adam's implementations runs.
"""

import math

import harness
import torch
from torch import nn
from torch.nn import functional as F
from torch_training import VERSIONS, set_threads, train
from workloads import lattice_tables, normal_rows_of, phi4_parameters

VARIANTS = ["matrix fused", "matrix foreach", "conv fused", "conv foreach"]
BOUND, MASS2, LAMBDA = 3.0, -4.0, 8.0


def action(x):
    """S of fields [batch, side, side]."""
    links = sum((torch.roll(x, -1, axis) - x) ** 2 for axis in (1, 2))
    square = x * x
    return (square * (LAMBDA * square + MASS2) + links).sum((1, 2))


class Phi4(nn.Module):
    def __init__(self, workload, matrix):
        super().__init__()
        self.side, self.couplings, self.matrix = workload["side"], workload["couplings"], matrix
        self.p = nn.ParameterDict({k: nn.Parameter(torch.from_numpy(v.copy())) for k, v in phi4_parameters(workload).items()})
        self.tables = [[torch.from_numpy(t) for t in lattice_tables(self.side, parity)] for parity in (0, 1)]

    def images(self, z, i):
        p, moved = self.p, self.mask(i % 2)
        pad = lambda t: F.pad(t, (1, 1, 1, 1), mode="circular")
        h = torch.tanh(F.conv2d(pad((z * (1 - moved)).unsqueeze(1)), p[f"w{i}_0"], p[f"b{i}_0"]))
        h = torch.tanh(F.conv2d(pad(h * moved), p[f"w{i}_1"], p[f"b{i}_1"]))
        r, t = F.conv2d(h, p[f"w{i}_2"][:, :, None, None], p[f"b{i}_2"]).unbind(1)
        s = moved * BOUND * torch.tanh(r / BOUND)
        return z * torch.exp(s) + moved * t, s.sum((1, 2))

    def mask(self, parity):
        index = torch.arange(self.side)
        return ((index[:, None] + index[None, :]) % 2 == parity).float()

    def product(self, x, w, b, taps):
        """x [batch, sources * inputs] by the matrix of `taps` [sources, targets], which holds 9 where nothing is read."""
        outputs, inputs = w.shape[:2]
        kernel = F.pad(w.reshape(outputs, inputs, 9), (0, 1))[:, :, taps]
        matrix = kernel.permute(2, 1, 3, 0).reshape(taps.shape[0] * inputs, -1)
        return torch.tanh((x @ matrix).reshape(x.shape[0], -1, outputs) + b)

    def sites(self, kept, moved, i):
        p, (first, second) = self.p, self.tables[i % 2][:2]
        h = self.product(kept, p[f"w{i}_0"], p[f"b{i}_0"], first)
        h = self.product(h.flatten(1), p[f"w{i}_1"], p[f"b{i}_1"], second)
        r, t = F.linear(h, p[f"w{i}_2"], p[f"b{i}_2"]).unbind(2)
        s = BOUND * torch.tanh(r / BOUND)
        return moved * torch.exp(s) + t, s.sum(1)

    def loss(self, z):
        """Mean of log q(x) + S(x) over x = g(z), z [batch, sites]."""
        log_q = -0.5 * (z * z).sum(1) - 0.5 * z.shape[1] * math.log(2 * math.pi)
        if self.matrix:
            even, odd = self.tables[0][2], self.tables[1][2]
            parts = [z[:, even], z[:, odd]]
            for i in range(self.couplings):
                parts[i % 2], log_det = self.sites(parts[1 - i % 2], parts[i % 2], i)
                log_q = log_q - log_det
            x = torch.cat(parts, 1)[:, torch.argsort(torch.cat((even, odd)))]
        else:
            x = z.reshape(-1, self.side, self.side)
            for i in range(self.couplings):
                x, log_det = self.images(x, i)
                log_q = log_q - log_det
        return (log_q + action(x.reshape(-1, self.side, self.side))).mean()


def build(workload, variant):
    form, adam = variant.split()
    model = Phi4(workload, form == "matrix")
    return train(model, model.loss, normal_rows_of(workload), workload["batch"], adam)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
