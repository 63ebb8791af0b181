/** Ranks of values about their mean, equal values sharing the mean of theirs; all 0 of a constant. */
export function ranks(values: Float64Array): Float64Array {
  const n = values.length;
  const sorted = values.slice().sort();
  const shared = new Map<number, number>();
  for (let from = 0, to = 0; from < n; from = to) {
    while (to < n && sorted[to] === sorted[from]) to++;
    shared.set(sorted[from] as number, (from + to - 1) / 2);
  }
  return values.map((value) => (shared.get(value) as number) - (n - 1) / 2);
}
