/** Number of products of exactly `order` of `sites` spins. */
export function productCount(sites: number, order: number): number {
  let count = 1;
  for (let k = 1; k <= order; k++) count = (count * (sites - k + 1)) / k;
  return Math.max(0, Math.round(count));
}
