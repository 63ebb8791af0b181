"""Samples of RealNVP in JAX, the whole draw one compiled call. Workload: {"couplings", "hidden", "rows"}. The number of a
variant is the rows of a batch; `rbg` draws random numbers by the faster generator.
"""

import harness
import jax
import jax.numpy as jnp
from jax import lax
from jax_training import VERSIONS
from realnvp_jax import realnvp_sample
from workloads import realnvp_parameters

VARIANTS = ["threefry 500", "threefry 2500", "threefry 100000", "rbg 500", "rbg 2500", "rbg 100000"]


def build(workload, variant):
    generator, rows = variant.split()
    rows = int(rows)
    p = {name: jnp.asarray(value) for name, value in realnvp_parameters(workload).items()}
    key = jax.random.key(1, impl="unsafe_rbg" if generator == "rbg" else "threefry2x32")
    draw = lambda k: realnvp_sample(p, k, rows, workload["couplings"])
    all_rows = jax.jit(lambda k: lax.map(draw, jax.random.split(k, workload["rows"] // rows)))

    def run(steps):
        nonlocal key
        for _ in range(steps):
            key, own = jax.random.split(key)
            x, log_p = jax.block_until_ready(all_rows(own))
        return -float(log_p.mean())

    return run


if __name__ == "__main__":
    harness.serve(build, VARIANTS, harness.fixed_threads, VERSIONS)
