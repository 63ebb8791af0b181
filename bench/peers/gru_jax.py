"""An autoregressive GRU over binary sites in JAX, by `lax.scan`. Workload: {"sites", "units", "batch"}.

The input and output products are taken once over all sites, outside the scan, as `nn.GRU` does.
"""

import harness
import jax
import jax.numpy as jnp
from jax import lax
from jax_training import VARIANTS, VERSIONS, train
from workloads import gru_parameters, rows_of


def gru_loss(p, x):
    """Negative log-likelihood in nats of x [batch, sites], mean over the batch; the first site sees zeros."""
    ups = x.T
    previous = jnp.pad(jnp.stack((1 - ups[:-1], ups[:-1]), axis=-1), ((1, 0), (0, 0), (0, 0)))
    inputs = previous @ p["w_input"].T + p["b_input"]

    def cell(h, i):
        i_r, i_z, i_n = jnp.split(i, 3, axis=-1)
        h_r, h_z, h_n = jnp.split(h @ p["w_hidden"].T + p["b_hidden"], 3, axis=-1)
        r, z = jax.nn.sigmoid(i_r + h_r), jax.nn.sigmoid(i_z + h_z)
        h = (1 - z) * jnp.tanh(i_n + r * h_n) + z * h
        return h, h

    _, states = lax.scan(cell, jnp.zeros((x.shape[0], p["w_hidden"].shape[1])), inputs)
    log_p = jax.nn.log_softmax(states @ p["w_out"].T + p["b_out"])
    return -jnp.sum(jnp.where(ups == 1, log_p[..., 1], log_p[..., 0])) / x.shape[0]


def build(workload, variant):
    return train(gru_parameters(workload["units"]), gru_loss, rows_of(workload), workload["batch"], variant)


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
