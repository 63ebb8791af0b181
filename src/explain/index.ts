/**
 * Effective Hamiltonians of data and models: sparse sums of spin products with errors.
 *
 * @module ansatz/explain
 */

export { type CouplingComparison, compareCouplings } from "./comparison.ts";
export { explainData } from "./explain-data.ts";
export { type ExplainModelOptions, explainModel } from "./explain-model.ts";
export { candidatesIn, type ExplainOptions, type Explanation, type HeldOut } from "./explanation.ts";
export { type Drawn, type Explicable, explicable } from "./explicable.ts";
export { formulaLatex, formulaText, siteName, termLatex, termName } from "./formula.ts";
export { holm } from "./holm.ts";
export type { SpinProduct } from "./products.ts";
export type { Coefficient } from "./select.ts";
export { type Candidates, orderOf, type Term } from "./terms.ts";
export { type TrueCouplings, trueCouplings } from "./true-couplings.ts";
