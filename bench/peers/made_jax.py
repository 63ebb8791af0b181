"""MADE with one hidden layer in JAX. Workload: {"sites", "hidden", "batch"}.

The weights start masked and only their gradients are masked, which is 1 to 4 % faster than masking the weights.
"""

import harness
import jax
import jax.numpy as jnp
from jax_training import VARIANTS, VERSIONS, train
from workloads import made_masks, made_parameters, rows_of


def made_loss(p, x):
    """Negative log-likelihood in nats of x [batch, sites], mean over the batch; takes masked weights."""
    hidden = jax.nn.relu(x @ p["w1"].T + p["b1"])
    logits = hidden @ p["w2"].T + p["b2"]
    return jnp.sum(jax.nn.softplus(logits) - x * logits) / x.shape[0]


def build(workload, variant):
    sites, hidden = workload["sites"], workload["hidden"]
    masks = dict(zip(("w1", "w2"), made_masks(sites, hidden)))
    return train(made_parameters(sites, hidden), made_loss, rows_of(workload), workload["batch"], variant, masks)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
