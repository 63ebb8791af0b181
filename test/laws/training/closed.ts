import { ndarray } from "../../../src/array.ts";
import type { ClosedPlayer, Parameters } from "../../../src/models/contract.ts";
import { Key } from "../../../src/random/key.ts";
import { normal } from "../../../src/random/normal.ts";
import { Program } from "../../../src/runtime/program.ts";
import { Spec, trace } from "../../../src/runtime/trace.ts";
import {
  add,
  constant,
  mean,
  mul,
  softplus,
  sub,
  sum,
  type Tensor,
  valueAndGrad,
} from "../../../src/tensor/index.ts";
import { inverted, type Matrix, plusIdentity, times, toMatrix, traceOf, transposed } from "../matrix.ts";
import { toyCourse, vector } from "./toy.ts";

const [D, Q] = [5, 2];

/** The covariance of rows of five correlated numbers. */
export const covariance: Matrix = (() => {
  const rows = 400;
  const noise = normal(Key.fromSeed(3), rows * (D + Q), "f64");
  const x = Array.from({ length: rows }, (_, r) => {
    const at = (i: number) => noise[r * (D + Q) + i] as number;
    return Array.from({ length: D }, (_, i) => 0.5 * at(Q + i) + at(0) * (i - 1) + at(1) * Math.cos(2 * i));
  });
  const middle = Array.from({ length: D }, (_, i) => x.reduce((s, row) => s + (row[i] as number), 0) / rows);
  const centred = x.map((row) => row.map((v, i) => v - (middle[i] as number)));
  return times(transposed(centred), centred).map((row) => row.map((v) => v / rows));
})();

type PpcaParameters = Parameters & { readonly weight: ReturnType<typeof ndarray<"f32">> };

/**
 * Expectation maximisation for probabilistic principal component analysis, in double precision: W and σ² are state, and the
 * parameters are W in single precision (Tipping & Bishop, J. R. Stat. Soc. B 61 (1999) 611, equations 29 and 30).
 */
export const expectationMaximisation = () => {
  const start = normal(Key.fromSeed(5), D * Q, "f64");
  const player: ClosedPlayer<PpcaParameters> = {
    name: "NLL",
    async update({ parameters, state }) {
      const [w, s2] = [state.weight?.data as Float64Array, state.variance?.data as Float64Array];
      const variance = s2[0] as number;
      const weight = toMatrix(w, D, Q);
      const full = inverted(plusIdentity(times(weight, transposed(weight)), variance));
      const nll = 0.5 * (D * Math.log(2 * Math.PI) + full.logDet + traceOf(times(full.inverse, covariance)));
      const { inverse: m } = inverted(plusIdentity(times(transposed(weight), weight), variance));
      const sw = times(covariance, weight);
      const inner = plusIdentity(times(times(m, transposed(weight)), sw), variance);
      const next = times(sw, inverted(inner).inverse);
      w.set(next.flat());
      s2[0] = (traceOf(covariance) - traceOf(times(times(sw, m), transposed(next)))) / D;
      parameters.weight.data.set(w);
      return { loss: nll, parts: { variance } };
    },
  };
  return toyCourse<PpcaParameters, null>({
    initial: { weight: ndarray("f32", [D, Q]) },
    objective: {
      players: [player],
      state: {
        weight: ndarray("f64", [D, Q], Float64Array.from(start)),
        variance: ndarray("f64", [1], Float64Array.of(1)),
      },
    },
    source: undefined,
    ...{ steps: 400, round: 100 },
  });
};

/** Counts of +1 and −1 of one qubit measured in the bases X, Y and Z. */
export const counts = [
  [70, 30],
  [45, 55],
  [60, 40],
] as const;

/** Iterated RρR for one qubit, ρ in double precision as (re00, re11, re01, im01) (Hradil, PRA 55 (1997) R1561). */
export const densityMatrix = () =>
  toyCourse<{ readonly bloch: ReturnType<typeof vector> }, null>({
    initial: { bloch: vector(3) },
    objective: {
      state: { rho: ndarray("f64", [4], Float64Array.of(0.5, 0.5, 0, 0)) },
      players: [
        {
          name: "NLL",
          async update({ parameters, state }) {
            const rho = state.rho?.data as Float64Array;
            const [a, d, re, im] = rho as unknown as [number, number, number, number];
            const r = [2 * re, -2 * im, a - d];
            let loss = 0;
            // R = Σ f/p |v⟩⟨v| = r0 1 + Σ r_i σ_i.
            let r0 = 0;
            const ri = [0, 0, 0];
            counts.forEach(([up, down], axis) => {
              for (const [n, sign] of [
                [up, 1],
                [down, -1],
              ] as const) {
                const p = (1 + sign * (r[axis] as number)) / 2;
                const f = n / 300;
                loss -= f * Math.log(p);
                r0 += f / p / 2;
                ri[axis] = (ri[axis] as number) + (sign * f) / p / 2;
              }
            });
            // RρR for ρ = (1 + r·σ)/2, as Bloch vectors: real a, b with R = a + b·σ.
            const br = ri.reduce((s, b, i) => s + b * (r[i] as number), 0);
            const bb = ri.reduce((s, b) => s + b * b, 0);
            const trace = r0 * r0 + bb + 2 * r0 * br;
            const next = r.map(
              (v, i) =>
                (2 * r0 * (ri[i] as number) + (r0 * r0 - bb) * v + 2 * br * (ri[i] as number)) / trace,
            ) as [number, number, number];
            rho.set([(1 + next[2]) / 2, (1 - next[2]) / 2, next[0] / 2, -next[1] / 2]);
            parameters.bloch.data.set(next);
            return { loss };
          },
        },
      ],
    },
    source: undefined,
    ...{ steps: 300, round: 100 },
  });

/** Distinct rows of two bits and how often each occurs. */
export const distinct = { rows: [0, 0, 0, 1, 1, 0, 1, 1], counts: [40, 10, 30, 20] } as const;

const M = 4;

/** Full-batch L-BFGS over distinct rows with counts: the loss and its gradient are one compiled graph (Nocedal 1980). */
export const quasiNewton = () => {
  const rows = constant(ndarray("f32", [4, 2], Float32Array.from(distinct.rows)));
  const share = constant(
    ndarray(
      "f32",
      [4, 1],
      Float32Array.from(distinct.counts, (n) => n / 100),
    ),
  );
  // Independent bits of logits b: −Σ_x f(x) Σ_i (b_i x_i − log(1 + e^b_i)).
  const f = (b: Tensor) => mul(sum(mul(share, sub(softplus(b), mul(rows, b)))), 1);
  const compiled = Program.compile(
    trace(
      ((b: Tensor) => {
        const { value, gradient } = valueAndGrad(f)(b);
        return [add(value, mul(mean(b), 0)), gradient];
      }) as never,
      [new Spec([2])],
    ),
  );
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((s, v, i) => s + v * (b[i] as number), 0);
  return toyCourse<{ readonly b: ReturnType<typeof vector> }, null>({
    initial: { b: vector(2) },
    objective: {
      // Differences of positions and of gradients, oldest first, the last position and gradient, and how many there are.
      state: {
        ...{ moves: ndarray("f64", [M, 2]), turns: ndarray("f64", [M, 2]) },
        ...{ last: ndarray("f64", [2, 2]), known: ndarray("i32", [1]) },
      },
      players: [
        {
          name: "NLL",
          async update({ step, parameters, state }) {
            const data = (name: string) => state[name]?.data as Float64Array;
            const [moves, turns, last, known] = ["moves", "turns", "last", "known"].map(data) as [
              Float64Array,
              Float64Array,
              Float64Array,
              Float64Array,
            ];
            const [value, gradient] = (await (await compiled).run([parameters.b])).map((a) =>
              Float64Array.from(a.data as Float32Array),
            ) as [Float64Array, Float64Array];
            const b = Float64Array.from(parameters.b.data);
            if (step > 0) {
              for (const list of [moves, turns]) list.copyWithin(0, 2);
              for (let i = 0; i < 2; i++) {
                moves[2 * M - 2 + i] = (b[i] as number) - (last[i] as number);
                turns[2 * M - 2 + i] = (gradient[i] as number) - (last[2 + i] as number);
              }
              known[0] = Math.min(M, (known[0] as number) + 1);
            }
            last.set([...b, ...gradient]);
            const q = gradient.slice();
            const used: [Float64Array, Float64Array, number][] = [];
            for (let k = M - 1; k >= M - (known[0] as number); k--) {
              const [s, y] = [moves.subarray(2 * k, 2 * k + 2), turns.subarray(2 * k, 2 * k + 2)];
              if (!(dot(s, y) > 1e-12)) continue;
              const alpha = dot(s, q) / dot(s, y);
              used.unshift([s, y, alpha]);
              for (let i = 0; i < 2; i++) q[i] = (q[i] as number) - alpha * (y[i] as number);
            }
            const [newest] = used.slice(-1);
            const scale = newest ? dot(newest[0], newest[1]) / dot(newest[1], newest[1]) : 1;
            for (let i = 0; i < 2; i++) q[i] = (q[i] as number) * scale;
            for (const [s, y, alpha] of used) {
              const beta = dot(y, q) / dot(s, y);
              for (let i = 0; i < 2; i++) q[i] = (q[i] as number) + (alpha - beta) * (s[i] as number);
            }
            for (let i = 0; i < 2; i++) parameters.b.data[i] = (b[i] as number) - (q[i] as number);
            return { loss: value[0] as number };
          },
        },
      ],
    },
    source: undefined,
    ...{ steps: 12, round: 5 },
    release: async () => (await compiled).release(),
  });
};
