"""A decoder-only transformer over categorical sites in eager PyTorch, normalised before each layer.

Workload: {"sites", "states", "width", "layers", "heads", "batch"}. Variants: `sdpa` is
`F.scaled_dot_product_attention`, `manual` writes out the softmax; and which of Adam's implementations runs.
"""

import harness
import torch
from torch import nn
from torch.nn import functional as F
from torch_training import VERSIONS, set_threads, train
from workloads import categorical_rows_of, transformer_parameters

VARIANTS = ["sdpa fused", "manual fused", "sdpa foreach"]


class Transformer(nn.Module):
    """Embedding tied to the output, learned positions, no biases but those of the MLP and the logits."""

    def __init__(self, workload, sdpa=True):
        super().__init__()
        self.heads, self.states, self.sdpa = workload["heads"], workload["states"], sdpa
        self.p = nn.ParameterDict(
            {name: nn.Parameter(torch.from_numpy(value.copy())) for name, value in transformer_parameters(workload).items()}
        )
        self.layers = workload["layers"]
        n = workload["sites"]
        mask = torch.full((n, n), float("-inf")).triu(1)
        self.register_buffer("mask", mask)

    def attend(self, q, k, v):
        if self.sdpa:
            return F.scaled_dot_product_attention(q, k, v, is_causal=True)
        scores = q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5 + self.mask
        return scores.softmax(-1) @ v

    def forward(self, x):
        """Logits [batch, sites, states] of x [batch, sites]."""
        p = self.p
        batch, n = x.shape
        width = p["gain"].shape[0]
        start = torch.full((batch, 1), self.states, dtype=torch.long)
        h = F.embedding(torch.cat((start, x[:, :-1]), 1), p["embedding"]) + p["positions"]
        for i in range(self.layers):
            q, k, v = F.linear(F.layer_norm(h, (width,)), p[f"attention{i}"]).view(batch, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            o = self.attend(q, k, v).transpose(1, 2).reshape(batch, n, width)
            h = h + F.linear(o, p[f"output{i}"])
            u = F.relu(F.linear(F.layer_norm(h, (width,)), p[f"hidden{i}"], p[f"hidden_bias{i}"]))
            h = h + F.linear(u, p[f"back{i}"])
        return F.linear(F.layer_norm(h, (width,)) * p["gain"], p["embedding"][: self.states], p["bias"])

    def loss(self, x):
        """Negative log-likelihood in nats, mean over the batch."""
        return F.cross_entropy(self(x).reshape(-1, self.states), x.reshape(-1), reduction="sum") / x.shape[0]


def build(workload, variant):
    form, adam = variant.split()
    model = Transformer(workload, form == "sdpa")
    return train(model, model.loss, categorical_rows_of(workload), workload["batch"], adam)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
