import { siteShape } from "../data/space.ts";
import { inputError } from "../error.ts";
import { keyOf } from "../random/seed.ts";
import { effectiveStates } from "./effective-states.ts";
import type { RowOrigin } from "./errors.ts";
import { candidatesIn, type ExplainOptions, type Explanation } from "./explanation.ts";
import type { Explicable } from "./explicable.ts";
import { foldsOf, without } from "./folds.ts";
import { explainedVariance } from "./held-out.ts";
import { LeastSquares } from "./least-squares.ts";
import { minimise } from "./minimise.ts";
import { designOf, screen } from "./path.ts";
import { progressOf } from "./progress.ts";
import { select } from "./select.ts";
import { type RowRange, spinColumns } from "./spins.ts";

/** See {@link explainModel}. */
export interface ExplainModelOptions extends ExplainOptions {
  /**
   * Configurations to fit to; a quarter as many more choose the terms, and another quarter measure R²
   * (default 20000).
   */
  readonly samples?: number | undefined;
}

/** Parts of the first draw; the last of them chooses the terms that the others are fitted with. */
const parts = 5;
/** Fewest configurations. */
const fewestSamples = 100;
/** Gain in R² for which a smaller penalty, and more terms, are worth it. */
const leastGain = 5e-4;

/**
 * Returns the effective Hamiltonian of a model: least squares of its log-probability on products of spins, at
 * configurations drawn from the model itself (for an energy model: of its log-weight, at draws of Markov
 * chains). Terms are chosen by the relaxed lasso, by configurations that they are not fitted to, and by
 * Holm's procedure; errors are sandwich errors, which need no equal variances; R² is from a separate draw.
 * Chains are divided whole if there are enough of them, R² uses other chains altogether, and all errors allow
 * for the chains that rows come from.
 *
 * The errors measure how well the draws determine the best formula of these products, not how far the model
 * is from what it was fitted to. Throws AnsatzError: input for a space that is not binary, or a model that
 * draws one configuration only; usage for an impossible order, symmetries or number of samples.
 */
export async function explainModel(
  model: Explicable,
  options: ExplainModelOptions = {},
): Promise<Explanation> {
  const { order = 2, symmetry = [], level = 0.01, most, samples = 20_000 } = options;
  const key = keyOf(options);
  if (!(Number.isInteger(samples) && samples >= fewestSamples))
    throw inputError(`${samples} configurations are too few; ask for ${fewestSamples} or more`);
  const quarter = Math.ceil(samples / 4);
  const total = samples + quarter;
  const candidates = candidatesIn(model.space, options, total);
  const progress = progressOf(options);
  const shape = siteShape(model.space);
  const drawn = await model.draw(total, key.fold(0), options);
  // By another key: rows of other chains, where they come from chains.
  const further = await model.draw(quarter, key.fold(1), options);
  const { order: places, folds } = foldsOf(total, parts, key.fold(2), drawn.chain);
  const objective = new LeastSquares(
    spinColumns(drawn.x, places),
    Float64Array.from(places, (row) => drawn.logP[row]!),
  );
  const origin: RowOrigin = { order: places, chain: drawn.chain };
  const fit = without(folds, parts - 1);
  const valid = folds.slice(parts - 1);
  const rows: RowRange[] = [[0, total]];

  const constant = designOf(objective, []);
  const { loss } = objective.evaluate(constant, minimise(objective, constant, fit), fit);
  const { support } = await screen({
    ...{ objective, candidates, trials: [{ fit, held: valid }], all: fit },
    leastGain: leastGain * loss,
    pause: progress.part(0, 0.8),
  });
  const selected = await select({
    ...{ objective, candidates, support, rows, origin, level, most },
    pause: progress.part(0.8, 1),
  });
  const { coefficients, hidden, always } = selected;
  const fitted = [...coefficients, ...hidden];
  const design = designOf(
    objective,
    fitted.map(({ term }) => term),
  );
  const theta = Float64Array.from([...always, ...fitted.map(({ estimate }) => estimate)], (e) => e.value);
  const held = new LeastSquares(spinColumns(further.x), further.logP);
  const losses = held.rowLosses(design, theta, [[0, quarter]]);
  return {
    method: "least squares",
    ...{ shape, order, symmetry, coefficients, undecided: [] },
    ...(hidden.length > 0 && { hidden }),
    constant: always[0]!,
    candidates: candidates.terms.length,
    screened: support.length,
    rows: total,
    states: effectiveStates(drawn.x),
    frozen: [],
    held: { ...explainedVariance(losses, further.logP, further.chain), rows: quarter },
  };
}
