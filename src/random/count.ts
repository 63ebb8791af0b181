import { usageError } from "../error.ts";

/** Checks that `n` can be the number of draws: throws when it is not a non-negative integer. */
export function checkCount(n: number): void {
  if (!Number.isSafeInteger(n) || n < 0)
    throw usageError(`the number of draws must be a non-negative integer, got ${n}`);
}

/** Checks that `offset` can be a place in a stream: throws when it is not a non-negative integer. */
export function checkOffset(offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw usageError(`an offset into a stream must be a non-negative integer, got ${offset}`);
}
