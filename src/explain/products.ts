import { usageError } from "../error.ts";

/** The sites of a product of spins, in increasing order; of none the product is 1. */
export type SpinProduct = readonly number[];

/** Most products that may be candidates: each costs a pass over all rows for every penalty tried. */
export const mostProducts = 200_000;

/** Number of products of exactly `order` of `sites` spins. */
export function productCount(sites: number, order: number): number {
  let count = 1;
  for (let k = 1; k <= order; k++) count = (count * (sites - k + 1)) / k;
  return Math.max(0, Math.round(count));
}

/**
 * Every product of `sites` spins of the given orders, order by order and within one in lexicographic order: site fields
 * are of order 1, couplings of pairs of order 2.
 *
 * @throws AnsatzError (usage) for orders that cannot be, and for more than {@link mostProducts} products.
 */
export function spinProducts(sites: number, orders: readonly number[]): SpinProduct[] {
  const total = orders.reduce((sum, order) => sum + productCount(sites, order), 0);
  if (total > mostProducts)
    throw usageError(
      `there are ${total} products of up to ${Math.max(...orders)} of ${sites} spins; at most ${mostProducts} ` +
        "can be candidates: take a lower order",
    );
  return orders.flatMap((order) => combinations(sites, order));
}

function combinations(sites: number, order: number): SpinProduct[] {
  const products: SpinProduct[] = [];
  const chosen: number[] = [];
  const extend = (from: number) => {
    if (chosen.length === order) {
      products.push([...chosen]);
      return;
    }
    for (let i = from; i <= sites - (order - chosen.length); i++) {
      chosen.push(i);
      extend(i + 1);
      chosen.pop();
    }
  };
  extend(0);
  return products;
}

/** A number that no other product of `sites` spins has, whatever the order of the sites given. */
export function productKey(product: SpinProduct, sites: number): number {
  return [...product].sort((a, b) => a - b).reduce((key, site) => key * (sites + 1) + site + 1, 0);
}
