import { usageError } from "../error.ts";
import { type ComplexMatrix, hermitianEigenvalues } from "../stats/hermitian-eigen.ts";
import { BornTree } from "./born-tree.ts";
import type { Tally } from "./counts.ts";
import { densityOf, type Factor, factoredLoss, factorOf } from "./factored.ts";
import { nearestState } from "./nearest-state.ts";
import { fromPauli, pauliSum, toPauli } from "./pauli.ts";
import { pauliMeans } from "./pauli-means.ts";
import { quasiNewton } from "./quasi-newton.ts";

/** See {@link maximumLikelihood}. */
export interface MaximumLikelihoodOptions {
  /** Maximum number of non-zero eigenvalues of the state (default: all 2^N). */
  readonly rank?: number | undefined;
  /**
   * The fit ends when the log-likelihood of all shots is known to be within this many nats of its maximum
   * (default 10⁻⁴; 10⁻³ of 7 qubits and more).
   */
  readonly tolerance?: number;
  /** Maximum number of steps (default 4,000). */
  readonly steps?: number;
  /** Where to start, such as near the optimum of similar counts. */
  readonly start?: ComplexMatrix;
  /** Called now and then with steps so far, minus the log-likelihood a shot, and the bound. */
  readonly onProgress?: ((steps: number, loss: number, gap: number) => void) | undefined;
}

/** The state of greatest likelihood, and how far from the maximum it can be. */
export interface MaximumLikelihoodState {
  /** Positive semidefinite, trace 1; rows and columns in the order of outcomes, qubit 0 the most significant bit. */
  readonly rho: ComplexMatrix;
  /** Minus the log-likelihood in nats a shot. */
  readonly loss: number;
  /**
   * No state's log-likelihood of all shots is higher by more than this, nats: (λ − 1) times the shots, λ the largest eigenvalue of
   * R = Σ_a (f_a/p_a) Π_a. Of a fit of lower `rank` the bound is against states of any rank.
   */
  readonly gap: number;
  /** Whether `gap` came down to the tolerance. */
  readonly converged: boolean;
  /** Steps of the optimiser. */
  readonly steps: number;
}

/** Steps between looks at the bound, which costs an eigenproblem. */
const stepsBetweenLooks = 10;
/** Below this many rows all columns of the factor are kept from the start. */
const smallMatrix = 32;

/** Nats of all shots, far below what a parameter gains by chance, ½: of many qubits each factor of ten costs hundreds of steps. */
const usualTolerance = ({ qubits }: Pick<Tally, "qubits">) => (qubits > 6 ? 1e-3 : 1e-4);

/** Where a search for the state of greatest likelihood stands: all that it needs to go on. */
export interface LikelihoodSearch {
  /** A of ρ = AA†/Tr AA†: real parts row by row, then the imaginary parts; 2^N rows. */
  readonly factor: Float64Array;
  /** Minus the log-likelihood in nats a shot; NaN before the first step. */
  readonly loss: number;
  /** See {@link MaximumLikelihoodState}. */
  readonly gap: number;
  /** Steps taken. */
  readonly steps: number;
  /** Whether the fit has ended: within the tolerance, out of steps, or because no step gains any more. */
  readonly finished: boolean;
}

/** The start of a search; see {@link maximumLikelihood}, also for what it throws. */
export function beginSearch(
  tally: Tally,
  { rank, start }: Pick<MaximumLikelihoodOptions, "rank" | "start"> = {},
): LikelihoodSearch {
  const n = 2 ** tally.qubits;
  if (rank !== undefined && !(Number.isInteger(rank) && rank >= 1 && rank <= n))
    throw usageError(`the rank of ${tally.qubits} qubits is an integer from 1 to ${n}, not ${rank}`);
  const columns = rank ?? (n <= smallMatrix ? n : n / 4);
  const factor = startingFactor(start ?? roughState(tally), columns, start ? 0.01 : 0.1);
  return { factor, loss: Number.NaN, gap: Number.POSITIVE_INFINITY, steps: 0, finished: false };
}

/**
 * At most `leg` more steps of a search. What L-BFGS has learned of the curvature is forgotten between legs, so that the factor is all
 * there is to keep; a leg of 50 steps or more costs few more of them than a search without a stop.
 */
export function continueSearch(
  tally: Tally,
  at: LikelihoodSearch,
  options: Omit<MaximumLikelihoodOptions, "start"> = {},
  leg = Number.POSITIVE_INFINITY,
): LikelihoodSearch {
  const { rank, tolerance = usualTolerance(tally), steps: most = 4000, onProgress } = options;
  const n = 2 ** tally.qubits;
  const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
  const lossOf = factoredLoss(tree, tally);
  const until = Math.min(most, at.steps + leg);
  let { factor, loss, gap, steps } = at;
  for (;;) {
    const search: { gap: number; ended: boolean } = { gap, ended: false };
    const from = steps;
    const found = quasiNewton(lossOf, factor, {
      steps: until - steps,
      ends: (step, value, x, slopes) => {
        if (step % stepsBetweenLooks !== 0) return false;
        search.gap = boundOf(tree, tally, x);
        // Flat within these columns: what is left of the bound can only come from others, or from the rank asked for.
        const flat = flatness(x, slopes) * tally.shots < tolerance / 100;
        onProgress?.(from + step, value, search.gap);
        search.ended = search.gap <= tolerance || flat;
        return search.ended;
      },
    });
    factor = found.x;
    steps += found.steps;
    loss = found.loss;
    // The last step was often looked at already.
    gap =
      found.steps % stepsBetweenLooks === 0 && found.steps > 0 ? search.gap : boundOf(tree, tally, factor);
    const columns = factor.length / (2 * n);
    const isOut = steps >= until && !search.ended && gap > tolerance;
    if (isOut) return { factor, loss, gap, steps, finished: steps >= most };
    if (gap <= tolerance || steps >= most || columns === n || rank !== undefined)
      return { factor, loss, gap, steps, finished: true };
    factor = startingFactor(densityOf(factor, n), Math.min(n, 2 * columns), 1e-3);
    if (steps >= until) return { factor, loss, gap, steps, finished: false };
  }
}

/**
 * Returns the density matrix under which counts are most likely, by L-BFGS over ρ = AA†/Tr AA† in double
 * precision: physical by construction. The likelihood is concave in ρ, and the fit ends when a bound from its
 * gradient shows that no state is better by `tolerance`. Throws AnsatzError (usage) for a rank outside 1 …
 * 2^N.
 *
 * Source: Banaszek et al., Phys. Rev. A 61 (1999) 010304 (the factor); Řeháček, Hradil & Ježek, Phys. Rev. A
 * 63 (2001) 040303 (R).
 */
export function maximumLikelihood(
  tally: Tally,
  options: MaximumLikelihoodOptions = {},
): MaximumLikelihoodState {
  const found = continueSearch(tally, beginSearch(tally, options), options);
  return stateOf(found, tally, options.tolerance);
}

/** The state that a search has found so far. */
export function stateOf(
  { factor, loss, gap, steps }: LikelihoodSearch,
  tally: Pick<Tally, "qubits">,
  tolerance = usualTolerance(tally),
): MaximumLikelihoodState {
  return { rho: densityOf(factor, 2 ** tally.qubits), loss, gap, converged: gap <= tolerance, steps };
}

/** The largest relative change of any row of the factor by a step of size 1: |∂loss/∂A| / |A|, squared. */
function flatness(x: Factor, slopes: Factor): number {
  let [a, b] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    a += slopes[i]! ** 2;
    b += x[i]! ** 2;
  }
  return Math.sqrt(a * b);
}

/** (λ_max(R) − 1) · shots at a factor. */
function boundOf(tree: BornTree, tally: Tally, factor: Factor): number {
  return likelihoodBound(tree, tally, toPauli(densityOf(factor, 2 ** tree.qubits)));
}

/**
 * Returns the maximum number of nats by which the log-likelihood of all shots can rise above that of the
 * state of Pauli coefficients `x`: it is concave, so that its tangent bounds it, and Tr Rρ is largest at the
 * top eigenvector of R.
 */
export function likelihoodBound(tree: BornTree, tally: Tally, x: Float64Array): number {
  const slopes = new Float64Array(x.length);
  tree.loss(x, tally, slopes);
  for (let i = 0; i < slopes.length; i++) slopes[i] = -slopes[i]!;
  return Math.max(0, (hermitianEigenvalues(pauliSum(slopes))[0]! - 1) * tally.shots);
}

/** Where to start: linear inversion of Pauli settings made physical, else the maximally mixed state. */
function roughState(tally: Tally): ComplexMatrix {
  const n = 2 ** tally.qubits;
  const means = pauliMeans(tally)?.means ?? Float64Array.from({ length: n * n }, (_, i) => (i === 0 ? 1 : 0));
  return nearestState(fromPauli(means.map((mean) => (Number.isNaN(mean) ? 0 : mean))));
}

/**
 * A factor near a state with every column alive: a share `mixed` of the maximally mixed state keeps columns from being zero, where
 * their gradients vanish too.
 */
function startingFactor(rho: ComplexMatrix, columns: number, mixed: number): Factor {
  const { n } = rho;
  const { re, im } = rho;
  const blurred = { n, re: re.map((v) => (1 - mixed) * v), im: im.map((v) => (1 - mixed) * v) };
  for (let i = 0; i < n; i++) blurred.re[i * n + i]! += mixed / n;
  return factorOf(blurred, columns);
}
