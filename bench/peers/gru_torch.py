"""An autoregressive GRU over binary sites in eager PyTorch. Workload: {"sites", "units", "batch"}.

Variants: `sequence` is `nn.GRU` over all sites, `cell` a loop over `nn.GRUCell`; and which of Adam's
implementations runs. On CPU `nn.GRU` has no fused kernel: it runs the operations of the cell one after another.
"""

import harness
import torch
from torch import nn
from torch.nn import functional as F
from torch_training import VERSIONS, set_threads, train
from workloads import gru_parameters, rows_of

VARIANTS = ["sequence fused", "cell fused", "sequence foreach", "cell foreach"]


class Gru(nn.Module):
    def __init__(self, units, sequence=True):
        super().__init__()
        self.units = units
        p = {name: torch.from_numpy(value.copy()) for name, value in gru_parameters(units).items()}
        self.gru = nn.GRU(2, units) if sequence else nn.GRUCell(2, units)
        ours = (p["w_input"], p["w_hidden"], p["b_input"], p["b_hidden"])
        for parameter, value in zip(self.gru.parameters(), ours, strict=True):
            parameter.data = value
        self.out = nn.Linear(units, 2)
        self.out.weight.data, self.out.bias.data = p["w_out"], p["b_out"]

    def states(self, inputs):
        """Hidden states [sites, batch, units] of inputs [sites, batch, 2]."""
        if isinstance(self.gru, nn.GRU):
            return self.gru(inputs)[0]
        h = inputs.new_zeros(inputs.shape[1], self.units)
        states = []
        for site in inputs.unbind(0):
            h = self.gru(site, h)
            states.append(h)
        return torch.stack(states)

    def forward(self, x):
        """Logits [sites, batch, 2] of x [batch, sites]; the first site sees zeros."""
        ups = x.t()[:-1]
        previous = F.pad(torch.stack((1 - ups, ups), dim=-1), (0, 0, 0, 0, 1, 0))
        return self.out(self.states(previous))

    def loss(self, x):
        """Negative log-likelihood in nats, mean over the batch."""
        outcomes = x.t().reshape(-1).long()
        return F.cross_entropy(self(x).reshape(-1, 2), outcomes, reduction="sum") / x.shape[0]


def build(workload, variant):
    form, adam = variant.split()
    model = Gru(workload["units"], sequence=form == "sequence")
    return train(model, model.loss, rows_of(workload), workload["batch"], adam)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
