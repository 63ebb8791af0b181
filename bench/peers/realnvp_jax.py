"""RealNVP in the plane in JAX. Workload: {"couplings", "hidden", "batch"}; see realnvp_torch.py."""

import math

import harness
import jax
import jax.numpy as jnp
from jax_training import VARIANTS, VERSIONS, train
from workloads import parabola_rows_of, realnvp_parameters

BOUND = 3.0


def _scale_and_shift(p, i, kept):
    h = jax.nn.relu(kept @ p[f"w{i}_0"].T + p[f"b{i}_0"])
    h = jax.nn.relu(h @ p[f"w{i}_1"].T + p[f"b{i}_1"])
    out = h @ p[f"w{i}_2"].T + p[f"b{i}_2"]
    return BOUND * jnp.tanh(out[:, :1] / BOUND), out[:, 1:]


def realnvp_loss(p, x, couplings):
    """Negative log-likelihood in nats of x [batch, 2], mean over the batch."""
    a, b = x[:, :1], x[:, 1:]
    log_det = jnp.zeros_like(a)
    for i in reversed(range(couplings)):
        kept, moved = (a, b) if i % 2 == 0 else (b, a)
        s, t = _scale_and_shift(p, i, kept)
        moved = (moved - t) * jnp.exp(-s)
        log_det = log_det - s
        a, b = (kept, moved) if i % 2 == 0 else (moved, kept)
    return -jnp.mean(log_det - 0.5 * (a * a + b * b)) + math.log(2 * math.pi)


def realnvp_sample(p, key, rows, couplings):
    """Points [rows, 2] and their log-probabilities [rows]."""
    z = jax.random.normal(key, (rows, 2))
    a, b = z[:, :1], z[:, 1:]
    log_p = -0.5 * (a * a + b * b) - math.log(2 * math.pi)
    for i in range(couplings):
        kept, moved = (a, b) if i % 2 == 0 else (b, a)
        s, t = _scale_and_shift(p, i, kept)
        moved = moved * jnp.exp(s) + t
        log_p = log_p - s
        a, b = (kept, moved) if i % 2 == 0 else (moved, kept)
    return jnp.concatenate((a, b), 1), log_p[:, 0]


def build(workload, variant):
    loss = lambda p, x: realnvp_loss(p, x, workload["couplings"])
    return train(realnvp_parameters(workload), loss, parabola_rows_of(workload), workload["batch"], variant)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
