import { requireAffordable } from "./affordable.ts";

/** The sites of a product of spins, in increasing order; of none the product is 1. */
export type SpinProduct = readonly number[];

/**
 * Every product of `sites` spins of the given orders, order by order and within one in lexicographic order: site fields
 * are of order 1, couplings of pairs of order 2.
 *
 * @throws AnsatzError (usage) for too many products; see `requireAffordable`.
 */
export function spinProducts(sites: number, orders: readonly number[]): SpinProduct[] {
  requireAffordable(sites, orders);
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
