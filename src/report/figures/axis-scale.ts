import { formatShort, superscript } from "./format.ts";

/**
 * How the ticks of an axis are written: as (value − offset)/10^power, with the conversion in the axis' label.
 */
export interface AxisScale {
  /** What is subtracted from values, as text; absent if nothing is. */
  readonly offset?: { readonly value: number; readonly text: string };
  /** The power of ten that values are divided by. */
  readonly power: number;
  /** The text of a tick; undefined for the usual one. */
  readonly tick?: (value: number) => string;
}

/** Values of this size and larger, and those all below the second, are written with a power of ten. */
const [large, small] = [1e5, 1e-3];
/** Values further from 0 than this many times their range are written from an offset. */
const far = 1e4;

/**
 * Returns how ticks over a linear domain are written, so that none has more than a few digits: values of 10⁵
 * and more, or below 10⁻³, as multiples of a power of ten, and values far from 0 relative to their range as
 * distances from a round number.
 */
export function axisScale([low, high]: readonly [number, number]): AxisScale {
  const range = high - low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (!(range > 0) || !Number.isFinite(size)) return { power: 0 };
  if (size / range > far) return shifted(low, range);
  if (size < large && size >= small) return { power: 0 };
  const power = Math.floor(Math.log10(size));
  return { power, tick: (v) => digits(v / 10 ** power) };
}

/** The offset is a multiple of a power of ten as large as the range. */
function shifted(low: number, range: number): AxisScale {
  const unit = 10 ** Math.ceil(Math.log10(range));
  const value = Math.round(low / unit) * unit;
  const { power, tick = digits } = axisScale([low - value, low - value + range]);
  return { offset: { value, text: formatShort(Math.abs(value), 15) }, power, tick: (v) => tick(v - value) };
}

/** The label of an axis with what its ticks leave out: `mass / 10⁶`, `(mass − 10⁶) / 10⁻³`. */
export function scaledLabel(label: string, { offset, power }: AxisScale): string {
  const from = offset ? `${label} ${offset.value < 0 ? "+" : "−"} ${offset.text}` : label;
  if (power === 0) return from;
  return `${offset ? `(${from})` : from} / 10${superscript(power)}`;
}

/** A tick in four digits; what rounding leaves of a 0 is 0. */
const digits = (v: number) => String(Number(Number(v.toFixed(6)).toPrecision(4)) + 0).replace("-", "−");
