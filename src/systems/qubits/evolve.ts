import { applyChain, type IsingChain } from "./hamiltonian.ts";
import { dot, tridiagonalEigen } from "./lanczos.ts";
import type { PureState } from "./state.ts";

/** Vectors of the Krylov space of one step. */
const krylov = 30;
/** Half-width of the spectrum times the length of a step: with 30 vectors the error of a step is below 1e-13. */
const stride = 6;

/**
 * ψ(t) = e^{−iHt}ψ of a chain, by steps in Krylov spaces of 30 vectors (Park & Light, J. Chem. Phys. 85 (1986) 5870); the error of each
 * step is below rounding. Time is in units of the inverse energy, ħ = 1.
 */
export function evolve(chain: IsingChain, state: PureState, time: number): PureState {
  const steps = Math.ceil((Math.abs(time) * chain.bound) / stride);
  let psi: Complex = [state.re.slice(), state.im.slice()];
  for (let step = 0; step < steps; step++) psi = krylovStep(chain, psi, time / steps);
  return { qubits: state.qubits, re: psi[0], im: psi[1] };
}

/** Real and imaginary parts. */
type Complex = readonly [re: Float64Array, im: Float64Array];

function krylovStep(chain: IsingChain, psi: Complex, dt: number): Complex {
  const basis: Complex[] = [scaled(psi, 1 / norm(psi))];
  const [alpha, beta]: [number[], number[]] = [[], []];
  for (let m = 1; ; m++) {
    const last = basis.at(-1)!;
    const next: Complex = [new Float64Array(last[0].length), new Float64Array(last[0].length)];
    // H is real: it acts on both parts alike.
    applyChain(chain, last[0], next[0]);
    applyChain(chain, last[1], next[1]);
    alpha.push(dot(last[0], next[0]) + dot(last[1], next[1]));
    // Of 30 vectors those before the last two stay orthogonal by themselves.
    for (const v of basis.slice(-2)) {
      const re = dot(v[0], next[0]) + dot(v[1], next[1]);
      const im = dot(v[0], next[1]) - dot(v[1], next[0]);
      addComplex(next, v, -re, -im);
    }
    const length = norm(next);
    if (m === krylov || length <= 1e-13 * chain.bound) break;
    beta.push(length);
    basis.push(scaled(next, 1 / length));
  }
  const m = alpha.length;
  const { values, vectors } = tridiagonalEigen(alpha, beta);
  const out: Complex = [new Float64Array(psi[0].length), new Float64Array(psi[0].length)];
  const length = norm(psi);
  basis.forEach((v, k) => {
    // Coefficient k of e^{−iT dt} e₀ in the Krylov space.
    let [re, im] = [0, 0];
    for (let j = 0; j < m; j++) {
      const weight = length * vectors[j * m]! * vectors[j * m + k]!;
      re += weight * Math.cos(values[j]! * dt);
      im -= weight * Math.sin(values[j]! * dt);
    }
    addComplex(out, v, re, im);
  });
  return out;
}

const norm = ([re, im]: Complex) => Math.sqrt(dot(re, re) + dot(im, im));

const scaled = ([re, im]: Complex, factor: number): Complex => [
  re.map((a) => a * factor),
  im.map((a) => a * factor),
];

/** Adds (re + i·im) times a vector to another. */
function addComplex(to: Complex, vector: Complex, re: number, im: number): void {
  const [a, b] = to;
  const [c, d] = vector;
  for (let i = 0; i < a.length; i++) {
    a[i]! += re * c[i]! - im * d[i]!;
    b[i]! += re * d[i]! + im * c[i]!;
  }
}
