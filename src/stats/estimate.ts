/** A number and its standard error (one sigma), in the unit of the number; `error` is NaN if unknown. */
export interface Estimate {
  /** The number itself. */
  readonly value: number;
  /** Its standard error, one sigma. */
  readonly error: number;
}

/** An estimate of a total as the share of each of `n` sites, its error too. */
export function perSite({ value, error }: Estimate, n: number): Estimate {
  return { value: value / n, error: error / n };
}

/** The sum of two independent estimates. */
export function plus(a: Estimate, b: Estimate): Estimate {
  return { value: a.value + b.value, error: Math.hypot(a.error, b.error) };
}

/** The difference of two independent estimates. */
export function minus(a: Estimate, b: Estimate): Estimate {
  return { value: a.value - b.value, error: Math.hypot(a.error, b.error) };
}

/** How far an estimate lies from a reference: see {@link difference}. */
export interface Deviation {
  /** Estimate minus reference, with the error of that difference. */
  readonly value: number;
  /** The standard error of the difference. */
  readonly error: number;
  /** value/error; 0 when the two agree without error, up to rounding, ±∞ when they disagree without error. */
  readonly sigmas: number;
}

/**
 * The difference of an estimate from an exact number, or from an independent estimate (errors add in squares).
 */
export function difference(estimate: Estimate, exact: number | Estimate): Deviation {
  const reference = typeof exact === "number" ? { value: exact, error: 0 } : exact;
  const { value, error } = minus(estimate, reference);
  const rounding = ROUNDING * Math.max(Math.abs(estimate.value), Math.abs(reference.value));
  return { value, error, sigmas: Math.abs(value) <= rounding && error <= rounding ? 0 : value / error };
}

/** Double precision may round a sum of many numbers by this share of it. */
const ROUNDING = 1e-13;

/** A number, or 0 if it is only the rounding error of a difference of numbers of a size. */
function beyondRounding(value: number, size: number): number {
  return Math.abs(value) <= ROUNDING * size ? 0 : value;
}

/**
 * Returns an estimate as text: `-1.4531 ± 0.0004`.
 *
 * The error has one significant digit, or two when the first is 1 (also for 0.96, which rounds to 1.0); the
 * value ends at the same decimal. Both at or above 10^6, or both below 10^-4, share an exponent:
 * `(2.4 ± 0.3)e-7`. An exact value, with an error of 0 or one that rounding may have left, is printed with up
 * to 7 digits, a whole number with all: `0.3333333 ± 0`. A value of unknown error has 6 digits and no figure
 * after ±: `-1.45315 ± unknown`. Without an error there is no scale: relative to 1, such a value below 10^-13
 * is 0.
 */
export function formatEstimate({ value, error }: Estimate): string {
  if (!Number.isFinite(value)) return `${value} ± ${Number.isNaN(error) ? "unknown" : error}`;
  if (Number.isNaN(error)) return `${Number(beyondRounding(value, 1).toPrecision(6))} ± unknown`;
  if (error === 0) return `${exactDigits(beyondRounding(value, 1))} ± 0`;
  if (error <= ROUNDING * Math.abs(value)) return `${exactDigits(value)} ± 0`;
  if (error === Infinity) return `${Number(value.toPrecision(6))} ± Infinity`;
  const size = Math.max(Math.abs(value), error);
  if (size >= 1e-4 && size < 1e6) return fixed(value, error).join(" ± ");
  const exponent = Math.floor(Math.log10(size));
  // Through text, for 10 ** −320 would lose the digits of the smallest numbers.
  const scaled = (x: number) => Number(shiftExponent(x, -exponent));
  return `(${fixed(scaled(value), scaled(error)).join(" ± ")})e${exponent}`;
}

/** Seven digits, as in single precision; all digits of a whole number, up to rounding. */
function exactDigits(value: number): number {
  const whole = Math.round(value);
  const isWhole = Math.abs(value - whole) <= ROUNDING * Math.abs(value);
  return isWhole && Math.abs(whole) < 1e12 ? whole : Number(value.toPrecision(7));
}

/** A claim against a known value, as text: `-1.4531 ± 0.0004 (exact -1.453065, -0.1σ)`. */
export function formatComparison(estimate: Estimate, exact: number): string {
  const sigmas = sigmasFrom(estimate, exact);
  const distance = sigmas === undefined ? "" : `, ${sigmas < 0 ? "" : "+"}${sigmas.toFixed(1)}σ`;
  return `${formatEstimate(estimate)} (exact ${exactText(exact, estimate)}${distance})`;
}

/**
 * Returns the distance of an estimate from a reference in units of the error of their difference, positive
 * when the estimate is above; undefined if that error is unknown, 0, or no more than rounding.
 */
export function sigmasFrom(estimate: Estimate, exact: number | Estimate): number | undefined {
  const { error, sigmas } = difference(estimate, exact);
  return error > ROUNDING * Math.abs(estimate.value) && Number.isFinite(sigmas) ? sigmas : undefined;
}

/**
 * Returns an exact value as text next to an estimate of it: seven digits, and 0 for a value that is rounding
 * relative to the estimate and its error.
 */
export function exactText(exact: number, { value, error }: Estimate): string {
  const size = Math.abs(value) + (error > 0 && error < Infinity ? error : 0);
  return String(Number(beyondRounding(exact, size || 1).toPrecision(7)));
}

function fixed(value: number, error: number): [string, string] {
  const decimals = errorDecimals(error);
  if (decimals >= 0) return [unsigned(value.toFixed(decimals)), error.toFixed(decimals)];
  const unit = 10 ** -decimals;
  return [unsigned(String(Math.round(value / unit) * unit)), String(Math.round(error / unit) * unit)];
}

/** The decimals that show one digit of the error, two when the first shown is 1; negative left of the point. */
function errorDecimals(error: number): number {
  const [digits, exponent] = error.toExponential(1).split("e");
  // 0.96, cut to the first decimal for its 9, rounds to 1.0: again two digits.
  return (digits!.startsWith("1") ? 1 : 0) - Number(exponent);
}

function shiftExponent(x: number, by: number): string {
  const [digits, exponent] = x.toExponential().split("e");
  return `${digits}e${Number(exponent) + by}`;
}

function unsigned(text: string): string {
  return /^-[0.]*$/.test(text) ? text.slice(1) : text;
}
