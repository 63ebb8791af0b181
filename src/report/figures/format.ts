/**
 * A number as a figure prints it: at most `digits` significant digits, no trailing zeros, a true minus sign.
 * Not for estimates, whose error sets the digits.
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

/** A power of ten as an axis prints it: 0.01, 0.1, 1, 10, 100, and beyond these 10⁻³, 10³. */
export function formatPowerOfTen(value: number): string {
  const power = Math.round(Math.log10(value));
  if (Math.abs(power) <= 2) return String(Number(value.toPrecision(1)));
  return `10${[...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;
}
