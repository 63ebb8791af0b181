/**
 * Returns a number as a figure prints it: at most `digits` significant digits, no trailing zeros, a true
 * minus sign. Not for estimates, since their error sets the digits.
 */
export function formatNumber(value: number, digits = 5): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const magnitude = Math.abs(value);
  const text =
    magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e7)
      ? value
          .toExponential(digits - 1)
          .replace(/\.?0+e/, "e")
          .replace("e+", "e")
      : String(Number(value.toPrecision(digits)));
  return trueMinus(text);
}

/** `text` with every hyphen that signs a number turned into a minus sign (U+2212). */
export function trueMinus(text: string): string {
  return text.replace(/(^|[^\w.)\]-])-(?=[\d.∞])/g, "$1−").replace(/([\d)]e)-(?=\d)/g, "$1−");
}

/** A whole number as an exponent: `⁻⁶`. */
export function superscript(power: number): string {
  return [...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
}

/** A number in few digits, with a power of ten from 10⁵ on and below 10⁻³: `0.25`, `2.5·10⁻⁶`. */
export function formatShort(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (value === 0 || !Number.isFinite(value) || (size >= 1e-3 && size < 1e5))
    return formatNumber(value, digits);
  const power = Math.floor(Math.log10(size));
  const mantissa = Number((value / 10 ** power).toPrecision(digits));
  const tens = `10${superscript(power)}`;
  return mantissa === 1 ? tens : `${trueMinus(String(mantissa))}·${tens}`;
}

/** A power of ten as an axis prints it: 0.01, 0.1, 1, 10, 100, and beyond these 10⁻³, 10³. */
export function formatPowerOfTen(value: number): string {
  const power = Math.round(Math.log10(value));
  if (Math.abs(power) <= 2) return String(Number(value.toPrecision(1)));
  return `10${superscript(power)}`;
}
