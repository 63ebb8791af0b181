import { arrayFrom } from "../../../array.ts";
import {
  abs,
  add,
  arange,
  broadcastTo,
  cast,
  concat,
  constant,
  cos,
  cumsum,
  div,
  equal,
  exp,
  expandDims,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logSumExp,
  matmul,
  max,
  maximum,
  mul,
  or,
  reshape,
  type SymbolicKey,
  sin,
  slice,
  sqrt,
  square,
  stack,
  stopGradient,
  sub,
  sum,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import type { LogAmplitude } from "../../contract.ts";

/** What {@link measured} works on. */
export interface MeasuredOptions {
  /** Number of qubits. */
  readonly qubits: number;
  /** Qubits of an environment, whose bits follow. */
  readonly environment: number;
  /** Most rotated qubits of a setting. */
  readonly rotated: number;
}

/** Amplitudes below this share of the largest are none: their logarithm stays finite. */
const least = 1e-300;

/** The rotated qubits of each row, in slots `[rows, slots]`; slots beyond those that a row has are empty. */
interface Slots {
  /** `[rows, slots, qubits]`: which qubit each slot is, one-hot; zero for an empty one. */
  readonly which: Tensor;
  /** `[rows, slots]`: 1 for a slot in use. */
  readonly used: Tensor;
  /** `[rows, slots]`: cos θ/2 and sin θ/2 of the axis, and the real and imaginary part of e^{−iφ}. */
  readonly c: Tensor;
  readonly s: Tensor;
  readonly re: Tensor;
  readonly im: Tensor;
  /** `[rows, qubits]`: 1 for a rotated qubit. */
  readonly rotated: Tensor;
  /** `[rows]`: whether there are more of them than slots. */
  readonly tooMany: Tensor;
}

/** Numbers of `[rows, amplitudes]`, complex. */
interface Complex {
  readonly re: Tensor;
  readonly im: Tensor;
}

/**
 * Born's rule for amplitudes in any axes: an outcome of t rotated qubits is a sum of 2^t amplitudes. Graphs of log P and of draws,
 * for `amplitude` of configurations `[rows, qubits + environment]`.
 */
export function measured({ qubits, environment, rotated: slots }: MeasuredOptions) {
  const size = 2 ** slots;

  /** Axes `[rows, 3 qubits]` as slots. */
  function slotsOf(given: Tensor): Slots {
    const rows = given.shape[0] as number;
    const axes = reshape(cast(given, "f64"), [rows, qubits, 3]);
    const part = (i: number) => reshape(slice(axes, 2, i, i + 1), [rows, qubits]);
    const sideways = add(abs(part(0)), abs(part(1)));
    const rotated = cast(or(greater(sideways, 1e-9), lessEqual(part(2), 0)), "f64");
    const rank = cumsum(rotated, 1, { exclusive: true });
    const places = reshape(arange(slots, "f64"), [1, slots, 1]);
    const which = mul(expandDims(rotated, 1), cast(equal(expandDims(rank, 1), places), "f64"));
    const used = sum(which, 2);
    const own = matmul(which, axes);
    const at = (i: number) => reshape(slice(own, 2, i, i + 1), [rows, slots]);
    const [x, y, z] = [at(0), at(1), add(at(2), sub(1, used))];
    const across = sqrt(add(square(x), square(y)));
    const length = sqrt(add(square(across), square(z)));
    const cosine = div(z, length);
    const safe = maximum(across, 1e-30);
    return {
      ...{ which, used, rotated, tooMany: greater(sum(rotated, 1), slots) },
      c: sqrt(maximum(div(add(1, cosine), 2), 0)),
      s: sqrt(maximum(div(sub(1, cosine), 2), 0)),
      // An axis against z has φ = 0.
      re: where(greater(across, 0), div(x, safe), 1),
      im: where(greater(across, 0), div(mul(y, -1), safe), 0),
    };
  }

  /** `[2^slots, slots]`: the bit of each slot in each branch, the first slot the most significant. */
  const bits = constant(
    arrayFrom(
      "f64",
      [size, slots],
      Array.from(
        { length: size * slots },
        (_, i) => (Math.floor(i / slots) >> (slots - 1 - (i % slots))) & 1,
      ),
    ),
  );

  /** The configurations `[rows, 2^slots, qubits]` that interfere in the outcomes of `x`, and which of them there are. */
  function branches({ which, rotated, used }: Slots, x: Tensor) {
    const rows = x.shape[0] as number;
    if (slots === 0)
      return {
        all: expandDims(x, 1),
        allowed: broadcastTo(constant(arrayFrom("f64", [1, 1], [1])), [rows, 1]),
      };
    const fixed = mul(x, sub(1, rotated));
    const all = add(expandDims(fixed, 1), matmul(bits, which));
    const missing = reshape(matmul(bits, expandDims(sub(1, used), 2)), [rows, size]);
    return { all, allowed: cast(equal(missing, 0), "f64") };
  }

  /** Amplitudes `[rows, branches]` over their largest modulus, whose logarithm is `top: [rows, 1]`. */
  function amplitudes(
    amplitude: (x: Tensor) => LogAmplitude,
    configurations: Tensor,
    allowed: Tensor,
    real: "f32" | "f64",
  ) {
    const [rows, count, width] = configurations.shape as [number, number, number];
    const { logModulus, phase } = amplitude(cast(reshape(configurations, [rows * count, width]), real));
    const l = reshape(cast(logModulus, "f64"), [rows, count]);
    const here = where(greater(allowed, 0), l, Number.NEGATIVE_INFINITY);
    const top = stopGradient(maximum(max(here, 1, true), -1e30));
    // What is not there is replaced before the exponential, so that its gradient is 0 and no 0 · ∞.
    const isThere = greater(here, -1e30);
    const a = where(isThere, exp(where(isThere, sub(l, top), 0)), 0);
    if (!phase) return { re: a, im: mul(a, 0), top };
    const angle = reshape(cast(phase, "f64"), [rows, count]);
    return { re: mul(a, cos(angle)), im: mul(a, sin(angle)), top };
  }

  /** `[rows, rest]` of `[rows, 2 · rest]` amplitudes: slot `r` has given `bit`, `[rows]`. */
  function contract(from: Complex, own: Slots, r: number, bit: Tensor): Complex {
    const [rows, count] = from.re.shape as [number, number];
    const at = (t: Tensor) => reshape(slice(t, 1, r, r + 1), [rows, 1]);
    const b = expandDims(bit, 1);
    const [c, s] = [at(own.c), at(own.s)];
    const first = add(c, mul(b, sub(s, c)));
    const second = sub(s, mul(b, add(s, c)));
    const [pr, pi] = [mul(second, at(own.re)), mul(second, at(own.im))];
    const half = (t: Tensor, k: number) => slice(t, 1, (k * count) / 2, ((k + 1) * count) / 2);
    const [ur, ui, vr, vi] = [half(from.re, 0), half(from.im, 0), half(from.re, 1), half(from.im, 1)];
    return {
      re: add(mul(first, ur), sub(mul(pr, vr), mul(pi, vi))),
      im: add(mul(first, ui), add(mul(pr, vi), mul(pi, vr))),
    };
  }

  /** The bits of the slots in `x: [rows, qubits]`: `[rows]` each. */
  const bitsOf = ({ which }: Slots, x: Tensor) => {
    const rows = x.shape[0] as number;
    const all = reshape(matmul(which, expandDims(x, 2)), [rows, slots]);
    return (r: number) => reshape(slice(all, 1, r, r + 1), [rows]);
  };

  return {
    /** log P of the outcomes `x: [rows, qubits]` in the settings `axes: [rows, 3 qubits]`; NaN for too many rotated qubits. */
    logProb(amplitude: (x: Tensor) => LogAmplitude, x: Tensor, axes: Tensor, real: "f32" | "f64"): Tensor {
      const rows = x.shape[0] as number;
      const own = slotsOf(axes);
      const outcome = cast(x, "f64");
      const { all, allowed } = branches(own, outcome);
      const bit = bitsOf(own, outcome);
      const each = Array.from({ length: 2 ** environment }, (_, e) => {
        if (environment === 0) return amplitudes(amplitude, all, allowed, real);
        const rest = arrayFrom("f64", [1, 1, environment], digits(e, environment));
        const tail = broadcastTo(constant(rest), [rows, size, environment]);
        return amplitudes(amplitude, concat([all, tail], 2), allowed, real);
      });
      const logs = each.map(({ top, ...start }) => {
        let left: Complex = start;
        for (let r = 0; r < slots; r++) left = contract(left, own, r, bit(r));
        const p = reshape(add(square(left.re), square(left.im)), [rows]);
        return add(log(maximum(p, least)), mul(reshape(top, [rows]), 2));
      });
      const total = logs.length === 1 ? (logs[0] as Tensor) : logSumExp(stack(logs), 0);
      const possible = where(less(total, -1e29), Number.NEGATIVE_INFINITY, total);
      return cast(where(own.tooMany, Number.NaN, possible), real);
    },

    /**
     * Outcomes `[rows, qubits]` in the settings `axes`, from draws `z: [rows, qubits + environment]` of the squared modulus: the bits
     * measured along z are theirs, and the others follow one by one from the amplitudes that those leave.
     */
    draw(
      amplitude: (x: Tensor) => LogAmplitude,
      z: Tensor,
      key: SymbolicKey,
      axes: Tensor,
      real: "f32" | "f64",
    ): Tensor {
      const rows = z.shape[0] as number;
      const own = slotsOf(axes);
      const drawn = cast(z, "f64");
      const x = slice(drawn, 1, 0, qubits);
      const { all, allowed } = branches(own, x);
      const tail = slice(drawn, 1, qubits, qubits + environment);
      const configurations =
        environment === 0
          ? all
          : concat([all, broadcastTo(expandDims(tail, 1), [rows, size, environment])], 2);
      let left: Complex = amplitudes(amplitude, configurations, allowed, real);
      let outcome = mul(x, sub(1, own.rotated));
      for (let r = 0; r < slots; r++) {
        const u = uniform(key.fold(r), [rows], "f64");
        const flat = mul(u, 0);
        const [zero, one] = [flat, add(flat, 1)].map((bit) => contract(left, own, r, bit)) as [
          Complex,
          Complex,
        ];
        const weight = ({ re, im }: Complex) => sum(add(square(re), square(im)), 1);
        const [p, q] = [weight(zero), weight(one)];
        const bit = cast(greaterEqual(mul(u, add(p, q)), p), "f64");
        left = contract(left, own, r, bit);
        const qubit = reshape(slice(own.which, 1, r, r + 1), [rows, qubits]);
        outcome = add(outcome, mul(expandDims(bit, 1), qubit));
      }
      return where(expandDims(own.tooMany, 1), Number.NaN, outcome);
    },
  };
}

const digits = (value: number, width: number) =>
  Array.from({ length: width }, (_, k) => (value >> (width - 1 - k)) & 1);
