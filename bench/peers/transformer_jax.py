"""The transformer of transformer_torch.py in JAX. Workload: {"sites", "states", "width", "layers", "heads", "batch"}."""

import functools

import harness
import jax
import jax.numpy as jnp
from jax_training import VARIANTS, VERSIONS, train
from workloads import categorical_rows_of, transformer_parameters


def _normalised(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-5)


def transformer_loss(p, x, workload):
    """Negative log-likelihood in nats of x [batch, sites], mean over the batch."""
    heads, states, n, batch = workload["heads"], workload["states"], workload["sites"], x.shape[0]
    width = p["gain"].shape[0]
    before = jnp.concatenate((jnp.full((batch, 1), states, x.dtype), x[:, :-1]), 1)
    # A product with one-hot rows has a faster derivative than a gather of so few.
    h = jax.nn.one_hot(before, states + 1) @ p["embedding"] + p["positions"]
    mask = jnp.where(jnp.arange(n)[None, :] > jnp.arange(n)[:, None], -jnp.inf, 0)
    for i in range(workload["layers"]):
        q, k, v = (_normalised(h) @ p[f"attention{i}"].T).reshape(batch, n, 3, heads, -1).transpose(2, 0, 3, 1, 4)
        weights = jax.nn.softmax(q @ k.swapaxes(-2, -1) * (width // heads) ** -0.5 + mask)
        h = h + (weights @ v).swapaxes(1, 2).reshape(batch, n, width) @ p[f"output{i}"].T
        u = jax.nn.relu(_normalised(h) @ p[f"hidden{i}"].T + p[f"hidden_bias{i}"])
        h = h + u @ p[f"back{i}"].T
    logits = (_normalised(h) * p["gain"]) @ p["embedding"][:states].T + p["bias"]
    return -jnp.sum(jax.nn.log_softmax(logits) * jax.nn.one_hot(x, states)) / batch


def build(workload, variant):
    loss = functools.partial(transformer_loss, workload=workload)
    return train(transformer_parameters(workload), loss, categorical_rows_of(workload), workload["batch"], variant)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
