"""A flow of phi^4 fields by reverse KL in JAX. Workload and forms: see phi4_torch.py."""

import math

import harness
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax_training import VERSIONS, train
from workloads import lattice_tables, normal_rows_of, phi4_parameters

VARIANTS = ["matrix loop", "matrix step", "conv loop", "conv step"]
BOUND, MASS2, LAMBDA = 3.0, -4.0, 8.0


def action(x):
    links = sum((jnp.roll(x, -1, axis) - x) ** 2 for axis in (1, 2))
    square = x * x
    return (square * (LAMBDA * square + MASS2) + links).sum((1, 2))


def _images(p, z, i, side):
    index = np.arange(side)
    moved = jnp.asarray((index[:, None] + index[None, :]) % 2 == i % 2, jnp.float32)

    def convolve(x, k):
        padded = jnp.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="wrap")
        return jnp.tanh(lax.conv(padded, p[f"w{i}_{k}"], (1, 1), "VALID") + p[f"b{i}_{k}"][:, None, None])

    h = convolve(convolve((z * (1 - moved))[:, None], 0) * moved, 1)
    r, t = jnp.moveaxis(jnp.einsum("bcxy,oc->bxyo", h, p[f"w{i}_2"]) + p[f"b{i}_2"], -1, 0)
    s = moved * BOUND * jnp.tanh(r / BOUND)
    return z * jnp.exp(s) + moved * t, s.sum((1, 2))


def _sites(p, kept, moved, i, tables):
    def product(x, k, taps):
        w = p[f"w{i}_{k}"]
        outputs, inputs = w.shape[:2]
        kernel = jnp.pad(w.reshape(outputs, inputs, 9), ((0, 0), (0, 0), (0, 1)))[:, :, taps]
        matrix = kernel.transpose(2, 1, 3, 0).reshape(taps.shape[0] * inputs, -1)
        return jnp.tanh((x @ matrix).reshape(x.shape[0], -1, outputs) + p[f"b{i}_{k}"])

    first, second, _ = tables[i % 2]
    h = product(kept, 0, first)
    h = product(h.reshape(h.shape[0], -1), 1, second)
    r, t = jnp.moveaxis(h @ p[f"w{i}_2"].T + p[f"b{i}_2"], -1, 0)
    s = BOUND * jnp.tanh(r / BOUND)
    return moved * jnp.exp(s) + t, s.sum(1)


def phi4_loss(p, z, workload, matrix):
    side, couplings = workload["side"], workload["couplings"]
    log_q = -0.5 * (z * z).sum(1) - 0.5 * z.shape[1] * math.log(2 * math.pi)
    if matrix:
        tables = [lattice_tables(side, parity) for parity in (0, 1)]
        even, odd = tables[0][2], tables[1][2]
        parts = [z[:, even], z[:, odd]]
        for i in range(couplings):
            parts[i % 2], log_det = _sites(p, parts[1 - i % 2], parts[i % 2], i, tables)
            log_q = log_q - log_det
        x = jnp.concatenate(parts, 1)[:, np.argsort(np.concatenate((even, odd)))]
    else:
        x = z.reshape(-1, side, side)
        for i in range(couplings):
            x, log_det = _images(p, x, i, side)
            log_q = log_q - log_det
    return (log_q + action(x.reshape(-1, side, side))).mean()


def build(workload, variant):
    form, how = variant.split()
    loss = lambda p, z: phi4_loss(p, z, workload, form == "matrix")
    return train(phi4_parameters(workload), loss, normal_rows_of(workload), workload["batch"], how)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
