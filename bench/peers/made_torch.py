"""MADE with one hidden layer in eager PyTorch. Workload: {"sites", "hidden", "batch"}.

Variants: where the mask is applied, and which of Adam's implementations runs. `weight` multiplies the weights by
their mask in every forward pass, as the common implementations do; `gradient` starts from masked weights and masks
their gradients, which keeps them masked under Adam for half the work.
"""

import harness
import torch
from torch import nn
from torch.nn import functional as F
from torch_training import VERSIONS, set_threads, train
from workloads import made_masks, made_parameters, rows_of

VARIANTS = ["gradient fused", "gradient foreach", "weight fused", "weight foreach"]


class MaskedLinear(nn.Linear):
    def __init__(self, weight, bias, mask, mask_weight):
        super().__init__(weight.shape[1], weight.shape[0])
        self.weight.data = torch.from_numpy(weight.copy())
        self.bias.data = torch.from_numpy(bias.copy())
        self.register_buffer("mask", torch.from_numpy(mask))
        self.mask_weight = mask_weight

    def forward(self, x):
        return F.linear(x, self.mask * self.weight if self.mask_weight else self.weight, self.bias)


class Made(nn.Module):
    def __init__(self, sites, hidden, mask_weight=True):
        super().__init__()
        first, last = made_masks(sites, hidden)
        p = made_parameters(sites, hidden)
        self.hidden = MaskedLinear(p["w1"], p["b1"], first, mask_weight)
        self.logits = MaskedLinear(p["w2"], p["b2"], last, mask_weight)

    def forward(self, x):
        return self.logits(F.relu(self.hidden(x)))

    def loss(self, x):
        """Negative log-likelihood in nats, mean over the batch."""
        return F.binary_cross_entropy_with_logits(self(x), x, reduction="sum") / x.shape[0]

    def mask_gradients(self):
        for layer in (self.hidden, self.logits):
            layer.weight.grad.mul_(layer.mask)


def build(workload, variant):
    mask_on, adam = variant.split()
    model = Made(workload["sites"], workload["hidden"], mask_weight=mask_on == "weight")
    after_backward = model.mask_gradients if mask_on == "gradient" else None
    return train(model, model.loss, rows_of(workload), workload["batch"], adam, after_backward)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
