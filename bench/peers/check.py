"""Checks that the peers compute what they claim: `python bench/peers/check.py` (needs torch and jax).

Both frameworks start from the same numbers, so PyTorch and JAX must agree on the loss, on every gradient and on the
loss after 50 steps; the derivative of logit i by site j >= i is zero; masked weights stay zero; the loss approaches
the entropy of the data.
"""

import copy

import harness  # noqa: F401  first: sets the thread environment
import gru_jax
import gru_torch
import jax
import made_jax
import made_torch
import numpy as np
import phi4_jax
import phi4_torch
import realnvp_jax
import realnvp_torch
import torch
import transformer_jax
import transformer_torch
from workloads import UP, binary_rows, categorical_rows_of, gru_parameters, made_masks, made_parameters, normal_rows_of, parabola_rows_of, phi4_parameters, realnvp_parameters, transformer_parameters

MADE = {"sites": 20, "hidden": 32, "batch": 16}
GRU = {"sites": 20, "units": 12, "batch": 16}
TRANSFORMER = {"sites": 12, "states": 4, "width": 16, "layers": 2, "heads": 2, "batch": 8}
PHI4 = {"side": 8, "couplings": 4, "channels": 3, "batch": 16}
REALNVP = {"couplings": 4, "hidden": 16, "batch": 64}
ENTROPY = -(UP * np.log(UP) + (1 - UP) * np.log(1 - UP))


def agree(what, a, b, tolerance=1e-5):
    gap = float(np.max(np.abs(np.asarray(a) - np.asarray(b))) / (1e-3 + np.max(np.abs(np.asarray(b)))))
    assert gap <= tolerance, f"{what}: relative difference {gap:.1e} above {tolerance:.0e}"
    print(f"ok  {what}: relative difference {gap:.1e}")


def check_gradients(name, model, loss, parameters, x, masks=None):
    value, g = jax.value_and_grad(loss)(parameters, x)
    theirs = model.loss(torch.from_numpy(x))
    theirs.backward()
    agree(f"{name}: loss", theirs.item(), value)
    for (key, ours), parameter in zip(g.items(), ordered(model, parameters), strict=True):
        agree(f"{name}: gradient of {key}", parameter.grad.numpy(), ours * (masks or {}).get(key, 1))


def ordered(model, parameters):
    """The model's parameters in the order of JAX's sorted names."""
    named = getattr(model, "p", None)
    by_name = named or dict(zip(parameters, model.parameters(), strict=True))
    return [by_name[name] for name in sorted(parameters)]


def check_autoregressive(name, model, sites):
    """`model(x)` gives the logits of one row x [1, sites], the site on the first axis that is longer than 1."""
    # Positive parameters keep every rectifier on: one that is off would hide a dependence that exists.
    model = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.abs_()
    row = torch.from_numpy(binary_rows(1, sites))
    jacobian = torch.autograd.functional.jacobian(lambda r: model(r).reshape(sites, -1), row)
    influence = jacobian.abs().sum(1).reshape(sites, sites)
    assert torch.triu(influence).max() == 0, f"{name}: a logit depends on its own site or a later one"
    assert (influence[torch.tril(torch.ones(sites, sites), -1) == 1] > 0).all(), f"{name}: an earlier site has no effect"
    print(f"ok  {name}: logit i depends on every earlier site and on no other")


def check_training(name, peers, workload, steps=50):
    losses = {}
    for peer in peers:
        for variant in peer.VARIANTS:
            run = peer.build(workload, variant)
            losses[f"{peer.__name__} {variant}"] = run(steps)
    reference = next(iter(losses.values()))
    for variant, loss in losses.items():
        agree(f"{name}: loss after {steps} steps, {variant}", loss, reference, 1e-4)
    workload = workload | {"rows": 20_000, "batch": 200}
    run = peers[0].build(workload, peers[0].VARIANTS[0])
    # Rows are fewer than all configurations, so the loss comes within a few per cent of the entropy, not to it.
    first, last = (run(n) / workload["sites"] for n in (1, 1000))
    assert last < first and abs(last - ENTROPY) < 0.03, f"{name}: loss {last:.4f} a site, entropy {ENTROPY:.4f}"
    print(f"ok  {name}: loss a site {first:.4f} -> {last:.4f} nats, entropy {ENTROPY:.4f}")


def check_masks_stay():
    model = made_torch.Made(MADE["sites"], MADE["hidden"], mask_weight=False)
    x = binary_rows(160, MADE["sites"])
    made_torch.train(model, model.loss, x, 16, "fused", model.mask_gradients)(30)
    for layer in (model.hidden, model.logits):
        assert (layer.weight[layer.mask == 0] == 0).all(), "a masked weight moved"
    print("ok  made: masked weights stay zero when only the gradient is masked")


def check_realnvp():
    """Samples carry the log-probabilities that scoring gives, in both, and training approaches the entropy."""
    model, p = realnvp_torch.RealNvp(REALNVP), realnvp_parameters(REALNVP)
    couplings = REALNVP["couplings"]
    loss = lambda p, x: realnvp_jax.realnvp_loss(p, x, couplings)
    check_gradients("realnvp", model, loss, p, parabola_rows_of(REALNVP)[:64])
    with torch.no_grad():
        x, log_p = model.sample(1000)
        agree("realnvp: torch's samples, scored", -log_p.mean().item(), model.loss(x).item())
    x, log_p = realnvp_jax.realnvp_sample(p, jax.random.key(1), 1000, couplings)
    agree("realnvp: jax's samples, scored", -log_p.mean(), loss(p, x))
    losses = [peer.build(REALNVP, v)(50) for peer in (realnvp_torch, realnvp_jax) for v in peer.VARIANTS]
    for other in losses[1:]:
        agree("realnvp: loss after 50 steps", other, losses[0], 1e-4)
    last = realnvp_torch.build(REALNVP | {"rows": 20_000, "batch": 1000}, "fused")(1500)
    entropy = 1 + np.log(2 * np.pi) + np.log(0.5)
    assert abs(last - entropy) < 0.1, f"realnvp: loss {last:.3f}, entropy {entropy:.3f}"
    print(f"ok  realnvp: loss {last:.3f} nats, entropy {entropy:.3f}")


def check_phi4():
    """Both forms in both frameworks: losses, gradients, and the loss after 50 steps; training lowers it."""
    for matrix in (True, False):
        model = phi4_torch.Phi4(PHI4, matrix)
        loss = lambda p, z: phi4_jax.phi4_loss(p, z, PHI4, matrix)
        check_gradients(f"phi4 {'matrix' if matrix else 'conv'}", model, loss, phi4_parameters(PHI4), normal_rows_of(PHI4)[:16])
    forms = [phi4_torch.Phi4(PHI4, matrix).loss(torch.from_numpy(normal_rows_of(PHI4)[:16])).item() for matrix in (True, False)]
    agree("phi4: the two forms", forms[0], forms[1])
    losses = [peer.build(PHI4, v)(50) for peer in (phi4_torch, phi4_jax) for v in peer.VARIANTS]
    for other in losses[1:]:
        agree("phi4: loss after 50 steps", other, losses[0], 1e-3)
    first, last = (phi4_torch.build(PHI4 | {"batch": 200}, "matrix fused")(n) for n in (1, 500))
    # log Z is 9.29 there (by importance sampling): the loss comes down to -9.29 from far above, and not below it.
    assert first > 50 and -9.4 < last < 0, f"phi4: loss {first:.2f} -> {last:.2f}"
    print(f"ok  phi4: loss {first:.2f} -> {last:.2f}, which log Z bounds by -9.29")


if __name__ == "__main__":
    masks = dict(zip(("w1", "w2"), made_masks(MADE["sites"], MADE["hidden"])))
    made, p = made_torch.Made(MADE["sites"], MADE["hidden"]), made_parameters(MADE["sites"], MADE["hidden"])
    check_gradients("made", made, made_jax.made_loss, p, binary_rows(16, MADE["sites"]), masks)
    check_autoregressive("made", made, MADE["sites"])
    check_masks_stay()
    check_training("made", (made_torch, made_jax), MADE)
    for sequence in (True, False):
        gru = gru_torch.Gru(GRU["units"], sequence)
        name = f"gru {'sequence' if sequence else 'cell'}"
        check_gradients(name, gru, gru_jax.gru_loss, gru_parameters(GRU["units"]), binary_rows(16, GRU["sites"]))
        check_autoregressive(name, gru, GRU["sites"])
    check_training("gru", (gru_torch, gru_jax), GRU)
    for sdpa in (True, False):
        check_gradients(
            f"transformer {'sdpa' if sdpa else 'manual'}",
            transformer_torch.Transformer(TRANSFORMER, sdpa),
            lambda p, x: transformer_jax.transformer_loss(p, x, TRANSFORMER),
            transformer_parameters(TRANSFORMER),
            categorical_rows_of(TRANSFORMER)[:8],
        )
    check_realnvp()
    check_phi4()
