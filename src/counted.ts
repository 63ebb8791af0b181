/** A number of things in words: `1 shot`, `2 shots`. */
export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
