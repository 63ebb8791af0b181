import { binary, type Space, siteShape, sites } from "../data/space.ts";
import { inputError } from "../error.ts";
import type { PartRows } from "../evaluate/rows.ts";
import { keyOf } from "../random/seed.ts";
import type { RowOrigin } from "./errors.ts";
import {
  candidatesIn,
  checkOrder,
  type ExplainOptions,
  type Explanation,
  type HeldOut,
  requireBinary,
} from "./explanation.ts";
import { foldsOf, without } from "./folds.ts";
import { checkBounded, movingSites, siteColumns } from "./frozen.ts";
import { crossValidatedLosses, meanPerSite } from "./held-out.ts";
import { screen } from "./path.ts";
import { progressOf } from "./progress.ts";
import { PseudoLikelihood } from "./pseudo-likelihood.ts";
import { type Coefficient, select } from "./select.ts";
import { type RowRange, spinColumns } from "./spins.ts";
import { orderOf, type Term } from "./terms.ts";

/** Folds of the cross-validation. */
const foldCount = 3;
/** Fewest rows: each fold should hold some. */
const fewestRows = 50;

/**
 * Returns the effective Hamiltonian of rows of bits, by joint pseudo-likelihood: terms are chosen by the
 * cross-validated relaxed lasso, those that do not differ from 0 by Holm's procedure are removed, and the
 * others fitted without a penalty, with sandwich errors that allow for Markov chains as those of scores do.
 *
 * The errors are right for terms so far from 0 that other rows would have kept them too. A coefficient kept
 * near the threshold is too large by selection, which its error does not include. Throws AnsatzError: input
 * for spaces that are not binary, too few rows, and constant products of several spins, which have unbounded
 * coefficients; usage for an impossible order or symmetries.
 */
export async function explainData(
  { x, chain, spacing }: PartRows,
  space: Space,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const { order = 2, symmetry = [], level = 0.01, most } = options;
  const key = keyOf(options);
  requireBinary(space);
  checkOrder(order, sites(space));
  const rows = x.shape[0] as number;
  if (rows < fewestRows)
    throw inputError(`${rows} rows are too few to find couplings; give at least ${fewestRows}`);
  const progress = progressOf(options);
  const shape = siteShape(space);

  // Lattice symmetries pool sites, so that one that never changes is no trouble there.
  const pooled = symmetry.some((name) => name !== "flip");
  const { moving, frozen } = pooled ? everySite(sites(space)) : movingSites(x, sites(space));
  if (moving.length === 0) throw inputError(`all ${rows} rows are the same, so no couplings can be found`);
  const part = pooled ? space : binary([moving.length]);
  const candidates = candidatesIn(part, { ...options, order: Math.min(order, moving.length) }, rows);
  const { order: places, folds } = foldsOf(rows, foldCount, key, chain);
  const spins = spinColumns(pooled ? x : siteColumns(x, moving), places);
  checkBounded(spins, candidates, (site) => moving[site]!, shape);

  const objective = new PseudoLikelihood(spins);
  const all: RowRange[] = [[0, rows]];
  const trials = folds.map((held, f) => ({ fit: without(folds, f), held: [held] }));
  const { support } = await screen({ objective, candidates, trials, all, pause: progress.part(0, 0.75) });
  const origin: RowOrigin = { order: places, chain, spacing };
  const selected = await select({
    ...{ objective, candidates, support, rows: all, origin, level, most },
    pause: progress.part(0.75, 0.95),
  });
  const held = heldOut(
    objective,
    selected.support.map((t) => candidates.terms[t]!),
    candidates.terms,
    folds,
    origin,
  );
  const named = ({ term, estimate }: Coefficient) => ({
    term: { products: term.products.map((product) => product.map((site) => moving[site]!)) },
    estimate,
  });
  return {
    method: "pseudo-likelihood",
    ...{ shape, order, symmetry, rows, frozen, held },
    coefficients: selected.coefficients.map(named),
    ...(selected.hidden.length > 0 && { hidden: selected.hidden.map(named) }),
    undecided: selected.undecided.map(named),
    candidates: candidates.terms.length,
    screened: support.length,
  };
}

function everySite(count: number): { moving: number[]; frozen: number[] } {
  return { moving: Array.from({ length: count }, (_, site) => site), frozen: [] };
}

/** Cross-validates coefficients, not the choice of terms: what all rows chose does better on them than on other rows. */
function heldOut(
  objective: PseudoLikelihood,
  terms: readonly Term[],
  candidates: readonly Term[],
  folds: readonly RowRange[],
  origin: RowOrigin,
): HeldOut {
  const { sites } = objective.spins;
  const own = crossValidatedLosses(objective, terms, folds, origin);
  const fields = candidates.filter((term) => orderOf(term) === 1);
  const alone = crossValidatedLosses(objective, fields, folds, origin);
  const negative = (losses: Float64Array) => losses.map((loss) => -loss);
  return {
    perSite: meanPerSite(negative(own), sites, origin),
    independent: meanPerSite(negative(alone), sites, origin),
    gain: meanPerSite(
      alone.map((loss, row) => loss - own[row]!),
      sites,
      origin,
    ),
  };
}
