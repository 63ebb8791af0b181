import { elementOf, type SymmetryGroup } from "../data/symmetry.ts";
import { productKey, type SpinProduct, spinProducts } from "./products.ts";

/**
 * One coefficient K of an effective Hamiltonian, of the sum Σ_A Π_{i∈A} s_i of its products: one product, or all those
 * that lattice symmetries carry into each other.
 */
export interface Term {
  /** The products of spins, at least one; the first names the term. */
  readonly products: readonly SpinProduct[];
}

/** The candidates for coefficients: every product of some orders, and the terms that they make up. */
export interface Candidates {
  /** Number of sites of a configuration. */
  readonly sites: number;
  /** The numbers of spins in a product. */
  readonly orders: readonly number[];
  /** All of them, as `spinProducts` orders them. */
  readonly products: readonly SpinProduct[];
  /** The terms: each product alone, or with those that symmetries carry it into. */
  readonly terms: readonly Term[];
  /** `[products]`: the term that each product belongs to. */
  readonly termOf: Int32Array;
}

/** See {@link candidatesOf}. */
export interface CandidateOptions {
  readonly sites: number;
  readonly orders: readonly number[];
  /** Makes one term of all products that it carries into each other. */
  readonly group?: SymmetryGroup | undefined;
}

/**
 * Returns every product of the given orders as a candidate: each a separate term, or one term per orbit of a
 * group of lattice symmetries. The flip of all values moves no product: it forbids those of odd order, which
 * must not be among them. Throws as `spinProducts`.
 */
export function candidatesOf({ sites, orders, group }: CandidateOptions): Candidates {
  const products = spinProducts(sites, orders);
  const made = group
    ? orbits(products, group, sites)
    : {
        terms: products.map((product) => ({ products: [product] })),
        termOf: Int32Array.from(products, (_, i) => i),
      };
  return { sites, orders, products, ...made };
}

/** The orbits of products, in the order of their first members. */
function orbits(products: readonly SpinProduct[], group: SymmetryGroup, sites: number) {
  const place = new Map(products.map((product, i) => [productKey(product, sites), i]));
  const permutations = Array.from({ length: group.order }, (_, e) => elementOf(group, e)).flatMap(
    ({ flips, permutation }) => (flips ? [] : [permutation]),
  );
  const termOf = new Int32Array(products.length).fill(-1);
  const terms: Term[] = [];
  products.forEach((product, i) => {
    if (termOf[i] !== -1) return;
    const members: number[] = [];
    for (const permutation of permutations) {
      const image = product.map((site) => permutation[site]!);
      const at = place.get(productKey(image, sites))!;
      if (termOf[at] !== -1) continue;
      termOf[at] = terms.length;
      members.push(at);
    }
    terms.push({ products: members.sort((a, b) => a - b).map((at) => products[at]!) });
  });
  return { terms, termOf };
}

/** Number of spins in each product of a term. */
export function orderOf({ products: [first = []] }: Term): number {
  return first.length;
}
