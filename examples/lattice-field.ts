// A flow learns φ⁴ theory on an 8 × 8 torus from its action alone, proposes fields to a Metropolis chain, and agrees with
// hybrid Monte Carlo: node scripts/run.js examples/lattice-field.ts
import { createSystem, formatEstimate, freeEnergy, Key, makeLatticeFlow, metropolis, solve } from "ansatz";
import { rowMean } from "ansatz/evaluate";

const phi4 = createSystem("phi4", { shape: [8, 8], mass2: -4, lambda: 8 });

// The symmetries of the action are built in.
const flow = makeLatticeFlow({ space: phi4.space }, { z2: true, isotropic: true });
const model = await solve(flow, phi4, { steps: 300, batch: 200, seed: 1 }).result();

const { logZ, ess } = await freeEnergy(model, phi4, { samples: 20_000, key: Key.fromSeed(2) });
console.log(`log Z = ${formatEstimate(logZ)}, ESS ${formatEstimate(ess)}`);

const { acceptance, tau, observables } = await metropolis(model, phi4, {
  samples: 20_000,
  key: Key.fromSeed(3),
});
console.log(`acceptance ${formatEstimate(acceptance)}, longest τ ${tau.toFixed(2)} steps`);
if (observables.susceptibility) console.log(`χ₂ by the flow: ${formatEstimate(observables.susceptibility)}`);

const { x, chain } = await phi4.simulate({ samples: 4000, key: Key.fromSeed(4) });
const susceptibility = phi4.observables.susceptibility?.(x) ?? new Float64Array();
console.log(`χ₂ by hybrid Monte Carlo: ${formatEstimate(rowMean(susceptibility, chain?.data))}`);
