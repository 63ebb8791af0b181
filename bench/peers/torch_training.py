"""The training loop of the PyTorch peers: eager, Adam, minibatches sliced from data in memory."""

import harness  # noqa: F401  before torch: sets the thread environment
import torch

VERSIONS = {"torch": torch.__version__}

torch.set_num_interop_threads(1)


def set_threads(threads: int) -> None:
    torch.set_num_threads(threads)


def train(module, loss, data, batch, adam, after_backward=None):
    """`run(steps)`: forward, backward and Adam at 1e-3; `adam` is the implementation, "fused" or "foreach".

    `loss(x)` takes [batch, sites]. `after_backward` may change the gradients.
    """
    data = torch.from_numpy(data)
    minibatches = data.split(batch)
    optimiser = torch.optim.Adam(module.parameters(), lr=1e-3, **{adam: True})
    taken = 0

    def run(steps):
        nonlocal taken
        for _ in range(steps):
            x = minibatches[taken % len(minibatches)]
            taken += 1
            value = loss(x)
            optimiser.zero_grad(set_to_none=True)
            value.backward()
            if after_backward is not None:
                after_backward()
            optimiser.step()
        return value.item()

    return run
