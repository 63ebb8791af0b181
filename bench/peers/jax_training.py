"""The training loop of the JAX peers: one jitted step with Adam inside and its buffers donated."""

import harness  # noqa: F401  before jax: sets the thread environment
import jax
import jax.numpy as jnp
from jax import lax

VERSIONS = {"jax": jax.__version__}

VARIANTS = ["loop", "step"]
"""`loop` runs all steps of a block in one call, a loop inside the compiled program; `step` makes one call a step."""


def _adam(p, m, v, g, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """One Adam update of one array (Kingma and Ba 2015, algorithm 1); t counts from 1."""
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    return p - lr / (1 - b1**t) * m / (jnp.sqrt(v) / jnp.sqrt(1 - b2**t) + eps), m, v


def train(parameters, loss, data, batch, variant, masks=None):
    """`run(steps)`; `loss(parameters, x)` takes a dict of arrays and [batch, sites].

    `masks` multiplies the gradients of the parameters it names; what starts masked then stays masked under Adam.
    """
    masks = {name: jnp.asarray(value) for name, value in (masks or {}).items()}
    data = jnp.asarray(data)
    parameters = {name: jnp.asarray(value) for name, value in parameters.items()}
    zeros = {name: jnp.zeros_like(value) for name, value in parameters.items()}
    state = (parameters, zeros, {name: jnp.zeros_like(value) for name, value in zeros.items()}, jnp.int32(0), jnp.float32(0))
    minibatches = data.shape[0] // batch

    def step(state, data):
        p, m, v, taken, _ = state
        x = lax.dynamic_slice_in_dim(data, taken % minibatches * batch, batch)
        value, g = jax.value_and_grad(loss)(p, x)
        g = {name: g[name] * masks[name] if name in masks else g[name] for name in g}
        t = (taken + 1).astype(jnp.float32)
        new = {name: _adam(p[name], m[name], v[name], g[name], t) for name in p}
        p, m, v = ({name: arrays[i] for name, arrays in new.items()} for i in range(3))
        return p, m, v, taken + 1, value

    one = jax.jit(step, donate_argnums=0)

    # The count is an argument, so that a block of any length runs the same compiled program.
    many = jax.jit(lambda state, data, steps: lax.fori_loop(0, steps, lambda _, s: step(s, data), state), donate_argnums=0)

    def run(steps):
        nonlocal state
        if variant == "loop":
            state = many(state, data, steps)
        else:
            for _ in range(steps):
                state = one(state, data)
        return float(jax.block_until_ready(state)[-1])

    return run
