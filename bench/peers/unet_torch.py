"""The U-Net of flow matching in eager PyTorch. Workload: {"side", "patch", "channels": "64,96,128", "batch"}.

As src/models/approximate/diffusion/networks/unet.ts has it: patches as channels, a stem, at each level a residual block (group
norm, SiLU, 3 x 3 convolution; group norm, scale and shift from the time, SiLU, 3 x 3 convolution) and attention on grids of at most
64 places, sides halved by means and doubled by linear interpolation, additive skips, a linear head. The loss is the squared error of
e - x from z = (1 - t) x + t e. Variants: memory formats, and which of Adam's implementations runs. Initial weights are PyTorch's
own: their values do not change the time.
"""

import math

import harness
import torch
from torch import nn
from torch.nn import functional as F
from torch_training import VERSIONS, set_threads, train
from workloads import normal_rows_of

VARIANTS = ["planes fused", "planes foreach", "channels-last fused"]
PLACES = 64


class Block(nn.Module):
    def __init__(self, channels, width, attends):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.modulation = nn.Linear(width, 2 * channels)
        self.heads = channels // 32
        if attends:
            self.read = nn.Linear(channels, 3 * channels, bias=False)
            self.write = nn.Linear(channels, channels, bias=False)
        self.attends = attends

    def forward(self, x, told):
        h = self.first(F.silu(F.group_norm(x, 8)))
        scale, shift = self.modulation(told)[:, :, None, None].chunk(2, 1)
        x = x + self.second(F.silu(F.group_norm(h, 8) * (scale + 1) + shift))
        if not self.attends:
            return x
        batch, channels, rows, columns = x.shape
        tokens = F.layer_norm(x.flatten(2).transpose(1, 2), (channels,))
        q, k, v = self.read(tokens).reshape(batch, rows * columns, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, rows * columns, channels)
        return x + self.write(seen).transpose(1, 2).reshape(x.shape)


class UNet(nn.Module):
    def __init__(self, workload, last):
        super().__init__()
        channels = [int(c) for c in str(workload["channels"]).split(",")]
        self.side, self.patch, self.last = workload["side"], workload["patch"], last
        grid = self.side // self.patch
        width = 2 * channels[0]
        depth = self.patch**2
        self.time = nn.Sequential(nn.Linear(9, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.stem = nn.Conv2d(2 * depth, channels[0], 3, padding=1)
        make = lambda: nn.ModuleList(
            Block(c, width, (grid >> level) ** 2 <= PLACES) for level, c in enumerate(channels)
        )
        self.down, self.up = make(), make()
        pairs = list(zip(channels, channels[1:]))
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 1, bias=False) for a, b in pairs)
        self.widen = nn.ModuleList(nn.Conv2d(b, a, 1, bias=False) for a, b in pairs)
        self.head = nn.Conv2d(channels[0], depth, 1)

    def forward(self, z, t):
        """z [batch, 2, side, side], t [batch] to [batch, side, side]."""
        waves = [f(math.pi * 2**i * t) for i in range(4) for f in (torch.sin, torch.cos)]
        told = self.time(torch.stack((*waves, ((t + 0.01).log() + 1) / 2), 1))
        x = F.pixel_unshuffle(z, self.patch)
        if self.last:
            x = x.contiguous(memory_format=torch.channels_last)
        x = self.stem(x)
        skips = []
        for level, block in enumerate(self.down):
            x = block(x, told)
            if level < len(self.narrow):
                skips.append(x)
                x = self.narrow[level](F.avg_pool2d(x, 2))
        for level, block in reversed(list(enumerate(self.up))):
            if level < len(self.widen):
                x = F.interpolate(self.widen[level](x), scale_factor=2, mode="bilinear") + skips.pop()
            x = block(x, told)
        return F.pixel_shuffle(self.head(F.silu(F.group_norm(x, 8))), self.patch)[:, 0]

    def loss(self, rows):
        """Mean squared error over rows [batch, side * side]."""
        x = rows.reshape(-1, self.side, self.side)
        t = torch.rand(x.shape[0])
        e = torch.randn_like(x)
        share = t[:, None, None]
        z = (1 - share) * x + share * e
        return ((self.forward(torch.stack((z, z), 1), t) - (e - x)) ** 2).mean()


def build(workload, variant):
    layout, adam = variant.split()
    model = UNet(workload, layout == "channels-last")
    if layout == "channels-last":
        model = model.to(memory_format=torch.channels_last)
    return train(model, model.loss, normal_rows_of(workload), workload["batch"], adam)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, set_threads, VERSIONS)
