import type { NDArray } from "../../../array.ts";
import { siteShape } from "../../../data/space.ts";
import {
  add,
  cast,
  concat,
  div,
  expandDims,
  greaterEqual,
  log,
  matmul,
  maximum,
  mul,
  reshape,
  type SymbolicKey,
  slice,
  sqrt,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import { contextReader } from "../../context.ts";
import type { Domain, Draws, Parameters, Symbolic } from "../../contract.ts";

/** A density matrix as its Pauli coefficients Tr(Pρ), and how bits are read. */
export type DensityParameters = Parameters & {
  /** `[4^N]`: the coefficients in single precision. */
  readonly pauli: NDArray<"f32">;
  /** `[4^N]`: what single precision leaves of them, so that the sum has double precision. */
  readonly remainder: NDArray<"f32">;
  /** `[N, 2, 2]`: P(bit read | true bit) as [qubit][read][true]. */
  readonly readout: NDArray<"f32">;
};

/** Smallest probability used: outcomes that the state excludes keep a finite logarithm. */
const least = 1e-300;

/** The graphs of Born's rule, one qubit at a time, in double precision. */
export function bornGraphs(domain: Domain, qubits: number) {
  const read = contextReader(domain.context);

  /** `[rows, N, 3]`: unit vectors of labels or of axes in single precision. */
  function axesOf(context: Tensor): Tensor {
    const axes = cast(reshape(read(context) as Tensor, [context.shape[0] as number, qubits, 3]), "f64");
    return div(axes, sqrt(sum(square(axes), 2, true)));
  }

  /** What the outcome 0 or 1 of each qubit weighs: s and d of s + d n·r, each `[2, N]`. */
  function metersOf({ readout }: Symbolic<DensityParameters>) {
    const [zero, one] = [0, 1].map((t) => reshape(slice(cast(readout, "f64"), 2, t, t + 1), [qubits, 2])) as [
      Tensor,
      Tensor,
    ];
    return { mean: mul(add(zero, one), 0.5), slope: mul(sub(zero, one), 0.5) };
  }

  /** `[rows, 4]`: what multiplies the coefficients I, X, Y, Z of qubit q if `bit`, `[rows]` of 0 and 1, is read. */
  function meter(meters: ReturnType<typeof metersOf>, axes: Tensor, q: number, bit: Tensor): Tensor {
    const at = (of: Tensor, b: number) => reshape(slice(slice(of, 0, q, q + 1), 1, b, b + 1), [1]);
    const between = (of: Tensor) => add(at(of, 0), mul(bit, sub(at(of, 1), at(of, 0))));
    const axis = reshape(slice(axes, 1, q, q + 1), [axes.shape[0] as number, 3]);
    return concat([expandDims(between(meters.mean), 1), mul(expandDims(between(meters.slope), 1), axis)], 1);
  }

  const coefficients = ({ pauli, remainder }: Symbolic<DensityParameters>) =>
    add(cast(pauli, "f64"), cast(remainder, "f64"));

  /** `[rows, rest]`: what is left of `[rows, 4 · rest]`, or of `[4 · rest]` before the first qubit. */
  function contract(left: Tensor, weights: Tensor): Tensor {
    if (left.shape.length === 1) return matmul(weights, reshape(left, [4, (left.shape[0] as number) / 4]));
    const rest = (left.shape[1] as number) / 4;
    const rows = left.shape[0] as number;
    return sum(mul(reshape(left, [rows, 4, rest]), reshape(weights, [rows, 4, 1])), 1);
  }

  function logProb(p: Symbolic<DensityParameters>, x: Tensor, context: Tensor): Tensor {
    const rows = x.shape[0] as number;
    const bits = cast(reshape(x, [rows, qubits]), "f64");
    const [axes, meters] = [axesOf(context), metersOf(p)];
    let left = coefficients(p);
    for (let q = 0; q < qubits; q++)
      left = contract(left, meter(meters, axes, q, reshape(slice(bits, 1, q, q + 1), [rows])));
    return cast(log(maximum(reshape(left, [rows]), least)), "f32");
  }

  function sample(p: Symbolic<DensityParameters>, key: SymbolicKey, context: Tensor): Draws {
    const rows = context.shape[0] as number;
    const u = uniform(key, [rows, qubits], "f64");
    const [axes, meters] = [axesOf(context), metersOf(p)];
    const bits: Tensor[] = [];
    let left = coefficients(p);
    for (let q = 0; q < qubits; q++) {
      const own = reshape(slice(u, 1, q, q + 1), [rows]);
      // The coefficient I of the qubits to come leaves them out: the marginal probabilities of this one.
      const [zero, one] = [0, 1].map((b) => {
        const rest = contract(left, meter(meters, axes, q, add(mul(own, 0), b)));
        return reshape(slice(rest, 1, 0, 1), [rows]);
      }) as [Tensor, Tensor];
      const bit = cast(greaterEqual(mul(own, add(zero, one)), zero), "f64");
      left = contract(left, meter(meters, axes, q, bit));
      bits.push(cast(bit, "f32"));
    }
    const logProb = cast(log(maximum(reshape(left, [rows]), least)), "f32");
    return { x: reshape(stack(bits, 1), [rows, ...siteShape(domain.space)]), logProb };
  }

  return { logProb, sample };
}
