import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { Key } from "../random/key.ts";
import { stream } from "../random/stream.ts";
import type { Target } from "../systems/system.ts";
import { productCount } from "./product-count.ts";
import { productKey, type SpinProduct, spinProducts } from "./products.ts";

/** The exact coefficients of a distribution's log-probability, one a product of spins. */
export interface TrueCouplings {
  /** Returns K of a product, 0 if it has no coupling. */
  of(product: SpinProduct): number;
  /** The products with a non-zero coefficient. */
  readonly products: readonly SpinProduct[];
}

/** Maximum number of energies to compute. */
const mostEnergies = 100_000;
/** Configurations that the sum of products is tried on. */
const trials = 64;
/** Number of configurations whose energies are computed at once. */
const chunk = 4096;

/**
 * Returns the coefficients K_A of −βE(s) = const + Σ_A K_A Π_{i∈A} s_i, from energies alone. A polynomial in
 * bits with products of up to `order` factors follows from the energies of the configurations with up to
 * `order` bits set, by inclusion and exclusion; spins are 2n − 1. It is then tested on random configurations.
 *
 * @returns undefined if the energy has products of more than `order` spins, the space is not binary, or there
 * are more than 100,000 products.
 */
export function trueCouplings(target: Target, order: number): TrueCouplings | undefined {
  const { space } = target;
  if (space.kind !== "binary") return undefined;
  const shape = siteShape(space);
  const sites = sizeOf(shape);
  const orders = Array.from({ length: Math.min(order, sites) }, (_, k) => k + 1);
  if (orders.reduce((sum, k) => sum + productCount(sites, k), 1) > mostEnergies) return undefined;
  const products: SpinProduct[] = [[], ...spinProducts(sites, orders)];
  const values = logWeights(target, shape, products);
  const key = (product: SpinProduct) => productKey(product, sites);
  const weightOf = new Map(products.map((product, i) => [key(product), values[i]!]));

  // Of bits n_i: f(n) = Σ_B a_B Π n_i with a_B = Σ_{C⊆B} (−1)^{|B|−|C|} f(1_C). Of spins: Π n_i = 2^{−|B|} Σ_{C⊆B} Π s_i.
  const coefficients = new Map<number, number>();
  for (const product of products) {
    const a = subsets(product).reduce(
      (sum, subset) => sum + (-1) ** (product.length - subset.length) * weightOf.get(key(subset))!,
      0,
    );
    for (const subset of subsets(product))
      coefficients.set(key(subset), (coefficients.get(key(subset)) ?? 0) + a / 2 ** product.length);
  }
  const scale = Math.max(...values.map(Math.abs), 1e-300);
  // What rounding leaves of a coefficient that is 0.
  const dust = 1e-11 * scale;
  const of = (product: SpinProduct) => {
    const k = coefficients.get(key(product)) ?? 0;
    return Math.abs(k) > dust ? k : 0;
  };
  const couplings = { of, products: products.filter((product) => product.length > 0 && of(product) !== 0) };
  return explains(target, shape, couplings, of([]), scale) ? couplings : undefined;
}

/** −βE of the configurations in which the sites of each product are up and all others down. */
function logWeights(
  { energy, beta }: Target,
  shape: readonly number[],
  products: readonly SpinProduct[],
): Float64Array {
  const sites = sizeOf(shape);
  const weights = new Float64Array(products.length);
  for (let from = 0; from < products.length; from += chunk) {
    const some = products.slice(from, from + chunk);
    const x = ndarray("u8", [some.length, ...shape]);
    some.forEach((product, row) => {
      for (const site of product) x.data[row * sites + site] = 1;
    });
    weights.set(
      energy(x).map((e) => -beta * e),
      from,
    );
  }
  return weights;
}

function explains(
  { energy, beta }: Target,
  shape: readonly number[],
  { of, products }: TrueCouplings,
  constant: number,
  scale: number,
): boolean {
  const sites = sizeOf(shape);
  const random = stream(Key.fromSeed(0));
  const bits = Uint8Array.from({ length: trials * sites }, () => random.below(2));
  const x: NDArray<"u8"> = ndarray("u8", [trials, ...shape], bits);
  return energy(x).every((e, row) => {
    let sum = constant;
    for (const product of products)
      sum += product.reduce((value, site) => value * (2 * bits[row * sites + site]! - 1), of(product));
    return Math.abs(sum + beta * e) <= 1e-8 * Math.max(scale, Math.abs(beta * e));
  });
}

function subsets(product: SpinProduct): SpinProduct[] {
  return Array.from({ length: 2 ** product.length }, (_, bits) =>
    product.filter((_site, i) => (bits >> i) & 1),
  );
}
