// The inverse temperature of the Ising model from configurations alone, by maximum pseudo-likelihood (Besag 1975):
// the mean of log P(s_i | its neighbours) = log σ(2 β s_i Σ_j s_j) over all sites. It is written once as a function
// of tensors; Newton's method takes its first and second derivative. Run: node scripts/run.js examples/pseudo-likelihood.ts
import { createSystem, jit, simulate } from "ansatz";
import { add, arrayFrom, div, grad, logSigmoid, mean, mul, roll, sub, type Tensor } from "ansatz/tensor";

const beta = 0.4;
const ising = createSystem("ising", { shape: [16, 16], beta });
const { dataset } = await simulate(ising, { samples: 2000, seed: 1 });
// Datasets hold bytes; tensors of the language are real or integer.
const configurations = arrayFrom("f32", dataset.x.shape, dataset.x.data as Uint8Array);

/** `x: [batch, 16, 16]` of 0 and 1. */
function pseudoLikelihood(b: Tensor, x: Tensor): Tensor {
  const spins = sub(mul(x, 2), 1);
  const field = [1, 2]
    .map((axis) => add(roll(spins, 1, axis), roll(spins, -1, axis)))
    .reduce((a, c) => add(a, c));
  return mean(logSigmoid(mul(mul(mul(spins, field), 2), b)));
}

const slope = grad(pseudoLikelihood);
const curvature = grad((b: Tensor, x: Tensor) => slope(b, x));
const newton = jit((b: Tensor, x: Tensor) => sub(b, div(slope(b, x), curvature(b, x))));

let estimate = 0.2;
for (let step = 0; step < 5; step++) {
  const next = await newton(estimate, configurations);
  estimate = next.data[0] as number;
  console.log(`step ${step + 1}: β = ${estimate.toFixed(5)}`);
}
console.log(`simulated at β = ${beta}`);
await newton.release();
