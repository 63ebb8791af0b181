import { type Estimate, formatEstimate } from "../stats/estimate.ts";
import type { Explanation } from "./explanation.ts";
import type { SpinProduct } from "./products.ts";
import type { Coefficient } from "./select.ts";
import type { Term } from "./terms.ts";

/** The coordinates of a site of a lattice. */
export function coordinates(site: number, shape: readonly number[]): number[] {
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = site; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return at;
}

/** A spin as a formula writes it: `s12` along a chain, `s(1,4)` on a lattice. */
export function siteName(site: number, shape: readonly number[]): string {
  return shape.length < 2 ? `s${site}` : `s(${coordinates(site, shape).join(",")})`;
}

/** A term as a formula writes it: `s0 s1`, or `Σ_64 s(0,0) s(0,1)` for a sum of 64 products alike. */
export function termName({ products }: Term, shape: readonly number[]): string {
  const [first] = products as readonly [SpinProduct];
  const name = first.map((site) => siteName(site, shape)).join(" ");
  return products.length > 1 ? `Σ_${products.length} ${name}` : name;
}

/** A term in LaTeX: `s_{0} s_{1}`, `\sum_{64} s_{0,0} s_{0,1}`. */
export function termLatex({ products }: Term, shape: readonly number[]): string {
  const [first] = products as readonly [SpinProduct];
  const name = first.map((site) => `s_{${coordinates(site, shape).join(",")}}`).join(" ");
  return products.length > 1 ? `\\sum_{${products.length}} ${name}` : name;
}

/** Terms of a formula with their signs: the first bare of a plus. */
function signed(
  coefficients: readonly Coefficient[],
  name: (term: Term) => string,
  write: (magnitude: Estimate, name: string) => string,
  minus: string,
): string {
  return coefficients
    .map(({ term, estimate: { value, error } }) => {
      const sign = value < 0 ? minus : "+";
      return ` ${sign} ${write({ value: Math.abs(value), error }, name(term))}`;
    })
    .join("");
}

/**
 * Returns the formula as text, ending in … if some of its terms are undecided or not shown, such as
 * `log P(s) = const + (0.441 ± 0.003) s0 s1 − (0.20 ± 0.02) s1`.
 */
export function formulaText({ coefficients, hidden = [], undecided, constant, shape }: Explanation): string {
  const head = constant ? `(${formatEstimate(constant).replace(/^(\(?)-/, "$1−")})` : "const";
  const terms = signed(
    coefficients,
    (term) => termName(term, shape),
    (size, name) => `(${formatEstimate(size)}) ${name}`,
    "−",
  );
  const left = [
    ...(hidden.length > 0 ? [`${hidden.length} not shown`] : []),
    ...(undecided.length > 0 ? [`${undecided.length} undecided`] : []),
  ];
  return `log P(s) = ${head}${terms}${left.length > 0 ? ` + … (${left.join(", ")})` : ""}`;
}

/**
 * Returns the formula in LaTeX, for a displayed equation that breaks lines automatically, such as that of
 * breqn.
 */
export function formulaLatex({ coefficients, hidden = [], undecided, constant, shape }: Explanation): string {
  const number = (estimate: Estimate) => {
    const [, mantissa, exponent] = /^(.*?)(?:e(-?\d+))?$/.exec(formatEstimate(estimate)) ?? [];
    const bare = (mantissa ?? "").replace(/^\((.*)\)$/, "$1").replace("±", "\\pm");
    return exponent === undefined ? `(${bare})` : `(${bare}) \\times 10^{${exponent}}`;
  };
  const head = constant ? number(constant) : "\\mathrm{const}";
  const terms = signed(
    coefficients,
    (term) => termLatex(term, shape),
    (size, name) => `${number(size)}\\, ${name}`,
    "-",
  );
  return `\\log P(s) = ${head}${terms}${hidden.length + undecided.length > 0 ? " + \\cdots" : ""}`;
}
