"""The incremental samplers of sampling_torch.py in JAX, by `lax.scan` over the sites and `lax.map` over batches of rows,
the whole draw one compiled call. The number of a variant is the rows of a batch; `rbg` draws random numbers by the
faster generator.
"""

import harness
import jax
import jax.numpy as jnp
from jax import lax
from jax_training import VERSIONS
from workloads import gru_parameters, made_parameters, nade_parameters

VARIANTS = ["scan 50", "scan 100", "scan 250", "scan 1000", "scan 2500", "rbg 100", "rbg 250"]


def _bit(logit, u):
    x = (u < jax.nn.sigmoid(logit)).astype(jnp.float32)
    return x, -jax.nn.softplus(jnp.where(x == 1, -logit, logit))


def hidden_sampler(p, key, rows):
    """Bits [rows, sites] and log-probabilities [rows] of NADE and MADE with one hidden layer."""
    sites = p["w2"].shape[0]

    def step(carry, s):
        a, log_p = carry
        w, v, b, u = s
        x, l = _bit(jnp.maximum(a, 0) @ v + b, u)
        return (a + x[:, None] * w, log_p + l), x

    start = (jnp.broadcast_to(p["b1"], (rows, p["b1"].shape[0])), jnp.zeros(rows))
    u = jax.random.uniform(key, (sites, rows))
    (_, log_p), x = lax.scan(step, start, (p["w1"].T, p["w2"], p["b2"], u))
    return x.T, log_p


def gru_sampler(p, key, rows, sites):
    def step(carry, u):
        h, previous, log_p = carry
        i_r, i_z, i_n = jnp.split(previous @ p["w_input"].T + p["b_input"], 3, axis=-1)
        h_r, h_z, h_n = jnp.split(h @ p["w_hidden"].T + p["b_hidden"], 3, axis=-1)
        r, z = jax.nn.sigmoid(i_r + h_r), jax.nn.sigmoid(i_z + h_z)
        h = (1 - z) * jnp.tanh(i_n + r * h_n) + z * h
        logits = h @ p["w_out"].T + p["b_out"]
        x, l = _bit(logits[:, 1] - logits[:, 0], u)
        return (h, jnp.stack((1 - x, x), 1), log_p + l), x

    start = (jnp.zeros((rows, p["w_hidden"].shape[1])), jnp.zeros((rows, 2)), jnp.zeros(rows))
    (_, _, log_p), x = lax.scan(step, start, jax.random.uniform(key, (sites, rows)))
    return x.T, log_p


def sampler(workload):
    """`draw(key, rows)` returns bits [rows, sites] and log-probabilities [rows]."""
    model, sites, hidden = workload["model"], workload["sites"], workload["hidden"]
    if model == "gru":
        p = gru_parameters(hidden)
        return lambda key, rows: gru_sampler({name: jnp.asarray(v) for name, v in p.items()}, key, rows, sites)
    p = {"nade": nade_parameters, "made": made_parameters}[model](sites, hidden)
    return lambda key, rows: hidden_sampler({name: jnp.asarray(v) for name, v in p.items()}, key, rows)


def build(workload, variant):
    generator, rows = variant.split()
    draw, rows = sampler(workload), int(rows)
    batches = workload["rows"] // rows
    key = jax.random.key(1, impl="unsafe_rbg" if generator == "rbg" else "threefry2x32")
    all_rows = jax.jit(lambda key: lax.map(lambda k: draw(k, rows), jax.random.split(key, batches)))

    def run(steps):
        nonlocal key
        for _ in range(steps):
            key, own = jax.random.split(key)
            x, log_p = jax.block_until_ready(all_rows(own))
        return -float(log_p.mean())

    return run


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
