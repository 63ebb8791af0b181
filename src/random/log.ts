const real = new Float64Array(1);
const words = new Uint32Array(real.buffer);
real[0] = 1;
// The word that holds sign and exponent: the second on every machine of today, the first on a big-endian one.
const HIGH = words[1] === 0x3ff0_0000 ? 1 : 0;

// The high word of √½.
const HALF_ROOT = 0x3fe6_a09e;

// ln 2 as a sum: the first part has 21 trailing zero bits, so a product with an exponent is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

// 2^-k at place k + 1023, for k from −1023 to 1024, by exact halving. (Assembling a double from two words would
// stall the processor: a read that spans two recent writes waits for both.)
const INVERSE_POWERS = new Float64Array(2048);
for (let k = 0, power = 1; k <= 1024; k++, power *= 0.5) INVERSE_POWERS[k + 1023] = power;
for (let k = 0, power = 1; k <= 1023; k++, power *= 2) INVERSE_POWERS[1023 - k] = power;

/**
 * Returns the natural logarithm of a positive normal number, to within 2 units in the last place.
 *
 * It uses only + − × ÷, which IEEE 754 rounds in one way, so its bits do not depend on the platform, unlike
 * those of Math.log. x = 2^k m with m in [√½, √2), and log m = 2 artanh((m − 1)/(m + 1)) by its series.
 */
export function log(x: number): number {
  real[0] = x;
  // Adding the difference of 1 and √½ to the high word carries into the exponent just where m would pass √2:
  // a branch here would be mispredicted half the time.
  const high = words[HIGH]! + (0x3ff0_0000 - HALF_ROOT);
  const place = high >>> 20;
  const k = place - 1023;
  const m = x * INVERSE_POWERS[place]!;
  // With f = m − 1 and s = f/(2 + f): log(1 + f) = f − s (f − r), where r = 2 Σ s^(2j)/(2j + 1) over j ≥ 1. The
  // large part f is exact, so only the correction is rounded.
  const f = m - 1;
  const s = f / (2 + f);
  const t = s * s;
  const series =
    2 / 3 +
    t *
      (2 / 5 +
        t *
          (2 / 7 +
            t *
              (2 / 9 +
                t * (2 / 11 + t * (2 / 13 + t * (2 / 15 + t * (2 / 17 + t * (2 / 19 + t * (2 / 21)))))))));
  return k * LN2_HIGH + (f - (s * (f - t * series) - k * LN2_LOW));
}

/**
 * The exponential of x ≤ 0, to within 2 units in the last place; 0 below −708.
 *
 * Built from + − × ÷ alone, as {@link log}: x = k ln 2 + r with |r| ≤ ½ ln 2, and exp r by its series.
 */
export function expOfNonPositive(x: number): number {
  if (x < -708) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let j = 14; j > 0; j--) sum = 1 + (r * sum) / j;
  return sum * INVERSE_POWERS[1023 - k]!;
}
