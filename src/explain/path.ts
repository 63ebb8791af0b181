import { mean } from "../stats/mean.ts";
import { Design } from "./design.ts";
import { minimise } from "./minimise.ts";
import type { Objective } from "./objective.ts";
import type { RowRange } from "./spins.ts";
import type { Candidates, Term } from "./terms.ts";

/** Rows to learn a support and its coefficients from, and others to judge them by. */
export interface Trial {
  readonly fit: readonly RowRange[];
  readonly held: readonly RowRange[];
}

/** See {@link screen}. */
export interface ScreenOptions {
  readonly objective: Objective;
  readonly candidates: Candidates;
  readonly trials: readonly Trial[];
  /** The rows for which the support is returned. */
  readonly all: readonly RowRange[];
  /** Minimum decrease of the held-out loss for a smaller λ to count as better (default 0). */
  readonly leastGain?: number;
  /** Called between passes over the rows, with how far the work has come. */
  pause(fraction: number): Promise<void>;
}

/** The terms that cross-validation keeps. */
export interface Screened {
  /** Places among the candidate terms. */
  readonly support: readonly number[];
  /** The penalty, and how many were tried. */
  readonly lambda: number;
  readonly tried: number;
}

/** Each penalty is so much of the one before; the last is that much of the first, at which the first term enters. */
const ratio = 0.6;
const smallest = 1e-4;
/** Changes of the support without a gain that the path survives. */
const patience = 1;
/** Terms beyond which the path ends: far more than a formula. */
const mostTerms = 1500;
/** Rows that second derivatives are taken from on the way. */
const hessianRows = 8192;
/** Terms that a working set takes in at once, if it does not hold more already. */
const fewestAdmitted = 32;
/** Accuracy on the way, in nats of the total loss: far less than one term's worth. */
const coarse = 0.1;

/**
 * Chooses terms by the relaxed lasso. For penalties λ from the largest down, the terms that an L1 penalty λ
 * leaves are fitted again without it to each trial's rows, and judged by its held-out rows. The λ of the
 * smallest mean loss decides, and the terms are those that it leaves for all rows or for any trial's. Judging
 * the refit and not the penalised fit keeps λ from being small for the sake of large coefficients; if rows do
 * not bound the refit's coefficients, the penalised fit is the better of the two and decides. Each problem is
 * solved over a working set of terms, which grows by the terms that its solution leaves a pull on until there
 * are none. Penalties at which nothing can enter are skipped, and the path ends when more terms have stopped
 * to help.
 *
 * Source: Meinshausen, Comput. Stat. Data Anal. 52 (2007) 374.
 */
export async function screen(options: ScreenOptions): Promise<Screened> {
  const { objective, candidates, trials, all, leastGain = 0, pause } = options;
  const lassos = trials.map(({ fit }) => new Lasso(objective, candidates, fit));
  await pause(0);
  const first = Math.max(...lassos.map((lasso) => lasso.entry()));
  let best = { loss: Number.POSITIVE_INFINITY, lambda: first, union: new Set<number>() };
  let [tried, failures] = [0, 0];
  // Without a term that has a score, no penalty is of use.
  for (let lambda = first; lambda > first * smallest && failures <= patience; tried++) {
    const refitted: number[] = [];
    const shrunk: number[] = [];
    const union = new Set<number>();
    let changed = false;
    for (const [t, lasso] of lassos.entries()) {
      await lasso.descend(lambda, pause);
      changed = lasso.refit() || changed;
      const { held } = trials[t] as Trial;
      refitted.push(lasso.loss(held));
      shrunk.push(lasso.shrunkLoss(held));
      for (const term of lasso.support) union.add(term);
      const there = Math.log(lambda / first) / Math.log(smallest);
      await pause(Math.max(there, (failures + t / lassos.length) / (patience + 1)));
    }
    const loss = Math.min(mean(refitted), mean(shrunk));
    if (loss < best.loss - leastGain) {
      best = { loss, lambda, union };
      failures = 0;
    } else if (changed) failures++;
    if (union.size > mostTerms) break;
    // Down to where another term enters.
    const next = Math.max(...lassos.map((lasso) => lasso.entry()));
    do lambda *= ratio;
    while (lambda >= next && lambda > first * smallest);
  }
  const { lambda } = best;
  const [only] = trials;
  if (trials.length === 1 && only?.fit === all)
    return { support: [...best.union].sort((a, b) => a - b), lambda, tried };
  const whole = new Lasso(
    objective,
    candidates,
    all,
    [...best.union].sort((a, b) => a - b),
  );
  await whole.descend(lambda, pause);
  return { support: [...new Set([...best.union, ...whole.support])].sort((a, b) => a - b), lambda, tried };
}

/** A support fitted without a penalty. */
interface Refit {
  readonly terms: ReadonlySet<number>;
  readonly design: Design;
  readonly theta: Float64Array;
  /** Fall of the mean loss with each candidate's coefficient. */
  readonly scores: Float64Array;
}

/** The L1-penalised problem over some rows, at one penalty after the other. */
class Lasso {
  readonly #objective: Objective;
  readonly #candidates: Candidates;
  readonly #rows: readonly RowRange[];
  /** The penalties at the last fit without a penalty. */
  #penalties: Float64Array;
  #lambda = Number.POSITIVE_INFINITY;
  /** Coefficients by candidate term, including the terms that are always present. */
  #theta = new Map<number, number>();
  #always: Float64Array;
  /** Fall of the mean loss with each candidate's coefficient, at the last solution. */
  #scores: Float64Array;
  #refit: Refit;
  /** The fit at the last penalty. */
  #shrunk: Pick<Refit, "design" | "theta"> | undefined;

  constructor(
    objective: Objective,
    candidates: Candidates,
    rows: readonly RowRange[],
    start: readonly number[] = [],
  ) {
    this.#objective = objective;
    this.#candidates = candidates;
    this.#rows = rows;
    this.#refit = this.#fitted(start);
    const { design, theta, scores } = this.#refit;
    this.#penalties = objective.penalties(design, theta, rows, candidates);
    this.#always = theta.slice(0, objective.always.length);
    this.#theta = new Map(start.map((term, t) => [term, theta[objective.always.length + t]!]));
    this.#scores = scores;
  }

  /**
   * Returns about the penalty below which another term enters: the largest pull that the support, fitted
   * without a penalty, leaves.
   */
  entry(): number {
    const { terms, scores } = this.#refit;
    return scores.reduce(
      (most, score, t) => (terms.has(t) ? most : Math.max(most, Math.abs(score) / this.#penalties[t]!)),
      0,
    );
  }

  /** The terms with non-zero coefficients. */
  get support(): number[] {
    return [...this.#theta].flatMap(([term, k]) => (k === 0 ? [] : [term])).sort((a, b) => a - b);
  }

  async descend(lambda: number, pause: (fraction: number) => Promise<void>): Promise<void> {
    // With what there is first: its growing coefficients take away the pull on most others.
    const working = new Set(this.#theta.keys());
    this.#approach(lambda);
    if (working.size === 0) this.#admit(working, lambda);
    for (;;) {
      const terms = [...working].sort((a, b) => a - b);
      const design = this.#design(terms);
      const start = Float64Array.from([...this.#always, ...terms.map((term) => this.#theta.get(term) ?? 0)]);
      const costs = Float64Array.from([
        ...this.#always.map(() => 0),
        ...terms.map((term) => lambda * this.#penalties[term]!),
      ]);
      const theta = minimise(this.#objective, design, this.#rows, {
        costs,
        start,
        tolerance: coarse,
        hessianRows,
      });
      const fixed = this.#always.length;
      this.#shrunk = { design, theta };
      this.#always = theta.slice(0, fixed);
      this.#theta = new Map(terms.map((term, t) => [term, theta[fixed + t]!]));
      this.#scores = this.#objective.scores(design, theta, this.#rows, this.#candidates);
      if (this.#admit(working, 1.02 * lambda) === 0) break;
      await pause(Number.NaN);
    }
    this.#theta = new Map([...this.#theta].filter(([, k]) => k !== 0));
    this.#lambda = lambda;
  }

  /** Coefficients go about linearly with λ to those without a penalty: so far on the way. */
  #approach(lambda: number): void {
    const { terms, theta } = this.#refit;
    const fixed = this.#always.length;
    const share = lambda / this.#lambda;
    [...terms].forEach((term, t) => {
      const [k, free] = [this.#theta.get(term), theta[fixed + t]!];
      if (k !== undefined) this.#theta.set(term, free + share * (k - free));
    });
  }

  /**
   * Adds terms with scores that the penalty does not hold at 0, the strongest first, at most as many as there
   * are or a few: what they explain reduces others' scores. Returns their number.
   */
  #admit(working: Set<number>, lambda: number): number {
    const excess = (t: number) => Math.abs(this.#scores[t]!) / this.#penalties[t]!;
    const pulled = Array.from(this.#scores.keys()).filter((t) => !working.has(t) && excess(t) > lambda);
    pulled.sort((a, b) => excess(b) - excess(a));
    const admitted = pulled.slice(0, Math.max(fewestAdmitted, working.size));
    for (const t of admitted) working.add(t);
    return admitted.length;
  }

  /** Fits the terms of the support without a penalty; returns false if the last call already did. */
  refit(): boolean {
    const { support } = this;
    const { terms, theta: last } = this.#refit;
    if (support.length === terms.size && support.every((term) => terms.has(term))) return false;
    const fixed = this.#always.length;
    const before = new Map([...terms].map((term, t) => [term, last[fixed + t]!]));
    const start = [...this.#always, ...support.map((term) => before.get(term) ?? this.#theta.get(term)!)];
    this.#refit = this.#fitted(support, Float64Array.from(start));
    const { design, theta } = this.#refit;
    this.#penalties = this.#objective.penalties(design, theta, this.#rows, this.#candidates);
    return true;
  }

  /** The mean loss over other rows of what was fitted without a penalty. */
  loss(held: readonly RowRange[]): number {
    const { design, theta } = this.#refit;
    return this.#objective.evaluate(design, theta, held).loss;
  }

  /** The same of the fit at the last penalty. */
  shrunkLoss(held: readonly RowRange[]): number {
    const { design, theta } = this.#shrunk ?? this.#refit;
    return this.#objective.evaluate(design, theta, held).loss;
  }

  #fitted(support: readonly number[], start?: Float64Array): Refit {
    const design = this.#design(support);
    const theta = minimise(this.#objective, design, this.#rows, {
      ...(start && { start }),
      tolerance: coarse,
      hessianRows,
    });
    const scores = this.#objective.scores(design, theta, this.#rows, this.#candidates);
    return { terms: new Set(support), design, theta, scores };
  }

  #design(terms: readonly number[]): Design {
    return designOf(
      this.#objective,
      terms.map((t) => this.#candidates.terms[t]!),
    );
  }
}

/** A design of some terms, after those that are always there. */
export function designOf({ always, spins }: Objective, terms: readonly Term[]): Design {
  return new Design([...always, ...terms], spins.sites);
}
