import { usageError } from "../error.ts";

/** Throws a usage error unless `min ≤ value` and, if given, `value < below`; NaN never passes. */
export function checkRange(name: string, value: number, min: number, below = Number.POSITIVE_INFINITY): void {
  if (value >= min && value < below) return;
  const range = below === Number.POSITIVE_INFINITY ? `finite and at least ${min}` : `in [${min}, ${below})`;
  throw usageError(`${name} must be ${range}; got ${value}`);
}

/** Throws a usage error unless `value` is finite and above 0. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw usageError(`${name} must be finite and above 0; got ${value}`);
}

/** Throws a usage error unless `value` is an integer and at least `min`. */
export function checkInteger(name: string, value: number, min: number): void {
  if (!(Number.isSafeInteger(value) && value >= min))
    throw usageError(`${name} must be an integer of at least ${min}; got ${value}`);
}
