import { usageError } from "../error.ts";
import { productCount } from "./product-count.ts";

/** Maximum number of candidate products: each costs a pass over all rows for every penalty tried. */
export const mostProducts = 200_000;

/**
 * Maximum number of spins of products times rows. A product of k spins costs k spins per row in every pass;
 * one pass for each penalty and fold makes this about half an hour: three spins of 64, and the 25,000
 * configurations of a model by default.
 */
export const mostWork = 3.3e9;

/**
 * Throws a usage error, before anything is allocated, for more products of the given orders than can be candidates, or
 * more work over `rows` than anyone waits for; it names the largest order that would do.
 */
export function requireAffordable(sites: number, orders: readonly number[], rows = 0): void {
  const products = (upTo: number) => total(orders, upTo, (order) => productCount(sites, order));
  const work = (upTo: number) => rows * total(orders, upTo, (order) => order * productCount(sites, order));
  const fits = (upTo: number) => products(upTo) <= mostProducts && work(upTo) <= mostWork;
  const most = Math.max(...orders);
  if (fits(most)) return;
  const largest = orders.filter(fits).at(-1);
  const what = `there are ${products(most)} products of up to ${most} of ${sites} spins`;
  const why =
    products(most) > mostProducts
      ? `; at most ${mostProducts} can be candidates`
      : ` for ${rows} rows, which takes hours`;
  throw usageError(
    `${what}${why}: take ${largest === undefined ? "fewer rows or sites" : `order ${largest} at most`}`,
  );
}

function total(orders: readonly number[], upTo: number, of: (order: number) => number): number {
  return orders.reduce((sum, order) => (order <= upTo ? sum + of(order) : sum), 0);
}
