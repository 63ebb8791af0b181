"""What both frameworks start from: the data, the masks and the initial parameters, as NumPy arrays in f32."""

import numpy as np

UP = 0.3
"""Probability of a 1: the best loss for data of independent sites is its entropy, 0.6109 nats a site."""


def binary_rows(rows: int, sites: int, seed: int = 1) -> np.ndarray:
    """Independent binary rows, [rows, sites]."""
    return (np.random.default_rng(seed).random((rows, sites)) < UP).astype(np.float32)


def rows_of(workload: dict) -> np.ndarray:
    """The workload's data; a step takes the next `batch` rows, which are in random order already."""
    return binary_rows(workload.get("rows", 100 * workload["batch"]), workload["sites"])


def categorical_rows_of(workload: dict) -> np.ndarray:
    """Independent sites of equally probable states, [rows, sites] i64."""
    shape = (workload.get("rows", 100 * workload["batch"]), workload["sites"])
    return np.random.default_rng(1).integers(workload["states"], size=shape)


def parabola_rows_of(workload: dict) -> np.ndarray:
    """Points [rows, 2] with x1 = x0^2 + 0.5 e, x0 and e standard normal: entropy 1 + log(2 pi) + log 0.5 = 2.1447 nats."""
    z = np.random.default_rng(1).standard_normal((workload.get("rows", 100 * workload["batch"]), 2))
    return np.stack((z[:, 0], z[:, 0] ** 2 + 0.5 * z[:, 1]), 1).astype(np.float32)


def made_masks(sites: int, hidden: int) -> tuple[np.ndarray, np.ndarray]:
    """Masks [hidden, sites] and [sites, hidden] of a MADE in natural order (Germain et al. 2015, eqs 12 and 13)."""
    order = np.arange(1, sites + 1)
    degrees = 1 + np.arange(hidden) % (sites - 1)
    first = degrees[:, None] >= order[None, :]
    last = order[:, None] > degrees[None, :]
    return first.astype(np.float32), last.astype(np.float32)


def _uniform(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int) -> np.ndarray:
    bound = 1 / np.sqrt(fan_in)
    return rng.uniform(-bound, bound, shape).astype(np.float32)


def made_parameters(sites: int, hidden: int, seed: int = 2) -> dict[str, np.ndarray]:
    """Masked weights [out, in] and biases of the two layers."""
    rng = np.random.default_rng(seed)
    first, last = made_masks(sites, hidden)
    return {
        "w1": first * _uniform(rng, (hidden, sites), sites),
        "b1": _uniform(rng, (hidden,), sites),
        "w2": last * _uniform(rng, (sites, hidden), hidden),
        "b2": _uniform(rng, (sites,), hidden),
    }


def nade_parameters(sites: int, hidden: int, seed: int = 2) -> dict[str, np.ndarray]:
    """The parameters of a MADE without masks: NADE's hidden units see all sites before and are read at all after."""
    rng = np.random.default_rng(seed)
    return {
        "w1": _uniform(rng, (hidden, sites), sites),
        "b1": _uniform(rng, (hidden,), sites),
        "w2": _uniform(rng, (sites, hidden), hidden),
        "b2": _uniform(rng, (sites,), hidden),
    }


def transformer_parameters(workload: dict, seed: int = 2) -> dict[str, np.ndarray]:
    """Weights [out, in]; the last row of the embedding is the token before the first site."""
    rng = np.random.default_rng(seed)
    width, hidden = workload["width"], 2 * workload["width"]
    parameters = {
        "embedding": _uniform(rng, (workload["states"] + 1, width), width),
        "bias": np.zeros(workload["states"], np.float32),
        "gain": np.ones(width, np.float32),
        "positions": _uniform(rng, (workload["sites"], width), width),
    }
    for i in range(workload["layers"]):
        parameters |= {
            f"attention{i}": _uniform(rng, (3 * width, width), width),
            f"output{i}": _uniform(rng, (width, width), width),
            f"hidden{i}": _uniform(rng, (hidden, width), width),
            f"hidden_bias{i}": np.zeros(hidden, np.float32),
            f"back{i}": _uniform(rng, (width, hidden), hidden),
        }
    return parameters


def realnvp_parameters(workload: dict, seed: int = 2) -> dict[str, np.ndarray]:
    """Weights [out, in] and biases of the three layers of each coupling's network, from one number to two."""
    rng = np.random.default_rng(seed)
    sizes = [1, workload["hidden"], workload["hidden"], 2]
    parameters = {}
    for i in range(workload["couplings"]):
        for k in range(3):
            parameters[f"w{i}_{k}"] = _uniform(rng, (sizes[k + 1], sizes[k]), sizes[k])
            parameters[f"b{i}_{k}"] = _uniform(rng, (sizes[k + 1],), sizes[k])
    return parameters


def normal_rows_of(workload: dict) -> np.ndarray:
    """Independent standard normal numbers, [rows, sites]: the noise that a flow is trained from."""
    shape = (workload.get("rows", 100 * workload["batch"]), workload["side"] ** 2)
    return np.random.default_rng(1).standard_normal(shape).astype(np.float32)


def lattice_tables(side: int, parity: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which tap of a periodic 3 x 3 kernel (9: none) joins each source with each moved site, [sources, targets]: from the
    other colour of the checkerboard, and among the moved sites; then the moved sites themselves."""
    x, y = np.divmod(np.arange(side * side), side)
    colours = [np.flatnonzero((x + y) % 2 == c) for c in (0, 1)]
    targets, others = colours[parity], colours[1 - parity]

    def taps(sources):
        step = lambda a: (a[sources][:, None] - a[targets][None, :] + 1) % side
        down, across = step(x), step(y)
        return np.where((down < 3) & (across < 3), 3 * down + across, 9)

    return taps(others), taps(targets), targets


def phi4_parameters(workload: dict, seed: int = 2) -> dict[str, np.ndarray]:
    """Kernels [out, in, 3, 3] and biases of two convolutions, and the weights [2, channels] after them, a coupling each."""
    rng = np.random.default_rng(seed)
    c = workload["channels"]
    parameters = {}
    for i in range(workload["couplings"]):
        parameters |= {
            f"w{i}_0": _uniform(rng, (c, 1, 3, 3), 4),
            f"b{i}_0": np.zeros(c, np.float32),
            f"w{i}_1": _uniform(rng, (c, c, 3, 3), 5 * c),
            f"b{i}_1": np.zeros(c, np.float32),
            f"w{i}_2": 0.1 * _uniform(rng, (2, c), c),
            f"b{i}_2": np.zeros(2, np.float32),
        }
    return parameters


def gru_parameters(units: int, seed: int = 2) -> dict[str, np.ndarray]:
    """A GRU of two inputs (the previous site, one-hot) and two logits; gates in PyTorch's order r, z, n."""
    rng = np.random.default_rng(seed)
    return {
        "w_input": _uniform(rng, (3 * units, 2), units),
        "w_hidden": _uniform(rng, (3 * units, units), units),
        "b_input": _uniform(rng, (3 * units,), units),
        "b_hidden": _uniform(rng, (3 * units,), units),
        "w_out": _uniform(rng, (2, units), units),
        "b_out": _uniform(rng, (2,), units),
    }
