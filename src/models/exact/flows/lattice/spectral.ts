import { arrayFrom, type NDArray, sizeOf } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import { coordinates, orbitName } from "../../../../nn/site-convolution.ts";
import {
  add,
  broadcastTo,
  cast,
  constant,
  div,
  exp,
  gather,
  greater,
  lessEqual,
  log,
  matmul,
  mean,
  mul,
  neg,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
  where,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";

/** The parameters of {@link spectral}. */
export type SpectralParameters = {
  /** `[momenta]`: log of the amplitude of each momentum, those that are tied once. */
  readonly logScale: NDArray<"f32">;
  /** `[1]`: a shift of every site; absent if z → −z must map to x → −x. */
  readonly shift?: NDArray<"f32">;
};

/** See {@link spectral}. */
export interface SpectralOptions {
  /** Sides of the periodic lattice. */
  readonly shape: readonly number[];
  /** Whether momenta that exchanges of equal axes turn into one another share an amplitude. */
  readonly isotropic: boolean;
  /** Whether there is no shift, so that the map is odd. */
  readonly odd: boolean;
}

/** A momentum with less than this share of the mean power is absent: rounding of single precision leaves about 10⁻¹⁴. */
const ABSENT = 1e-10;

/** Sites along axes that are transformed by one matrix. */
const TOGETHER = 64;

/**
 * x = H σ H z + shift on a periodic lattice, H the Hartley transform, which is its own inverse (cas(2πkx/L)/√L along every
 * axis: Bracewell, J. Opt. Soc. Am. 73 (1983) 1832): of independent normal z it makes a free field with the spectrum σ(k)²,
 * which training finds. σ depends on |k| along each axis, so that the map is a convolution that commutes with all
 * translations and reflections. The identity at zero parameters.
 */
export function spectral({ shape, isotropic, odd }: SpectralOptions): Bijection<SpectralParameters> {
  const n = sizeOf(shape);
  const names = momentumNames(shape, isotropic);
  const distinct = [...new Set(names)];
  const orbit = Int32Array.from(names, (name) => distinct.indexOf(name));
  const counts = new Float32Array(distinct.length);
  for (const o of orbit) counts[o] = (counts[o] as number) + 1;
  const hartley = transformOf(shape);

  const amplitudes = (logScale: Tensor) => gather(exp(logScale), constant(arrayFrom("i32", [n], orbit)), 0);
  const total = ({ logScale }: Symbolic<SpectralParameters>, x: Tensor) => {
    const times = cast(constant(arrayFrom("f32", [distinct.length], counts)), logScale.dtype);
    return broadcastTo(sum(mul(logScale, times)), [x.shape[0] as number]);
  };
  const rows = (x: Tensor) => reshape(x, [x.shape[0] as number, n]);
  const field = (x: Tensor) => reshape(x, [x.shape[0] as number, ...shape]);

  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({ logScale: zerosInit([distinct.length]), ...(!odd && { shift: zerosInit([1]) }) }),
    forward(p, z) {
      const x = hartley(mul(hartley(rows(z)), amplitudes(p.logScale)));
      return { value: field(p.shift ? add(x, p.shift) : x), logDet: total(p, z) };
    },
    inverse(p, x) {
      const centred = p.shift ? sub(rows(x), p.shift) : rows(x);
      return {
        value: field(hartley(div(hartley(centred), amplitudes(p.logScale)))),
        logDet: neg(total(p, x)),
      };
    },
    /** The spectrum and the mean of the data. */
    adapt(p, x) {
      const shift = p.shift && reshape(mean(x), [1]);
      const power = mean(square(hartley(shift ? sub(rows(x), shift) : rows(x))), 0);
      const tied = new Float32Array(n * distinct.length);
      orbit.forEach((o, k) => {
        tied[k * distinct.length + o] = 1 / (counts[o] as number);
      });
      const average = cast(constant(arrayFrom("f32", [n, distinct.length], tied)), power.dtype);
      const variance = reshape(matmul(reshape(power, [1, n]), average), [distinct.length]);
      // Rows may lack a momentum, as maps without their mean do, but for rounding. Scaled by that, the least change of
      // a field would be astronomically unlikely.
      const typical = mean(variance);
      const lacking = lessEqual(variance, mul(typical, ABSENT));
      const logScale = mul(log(where(lacking, where(greater(typical, 0), typical, 1), variance)), 0.5);
      return { logScale, ...(shift && { shift }) };
    },
    decays: () => false,
  };
}

/** A name for each momentum, the same for those that share an amplitude. */
function momentumNames(shape: readonly number[], isotropic: boolean): string[] {
  return Array.from({ length: sizeOf(shape) }, (_, k) => {
    const size = coordinates(shape, k).map((c, axis) => Math.min(c, (shape[axis] as number) - c));
    return isotropic ? orbitName(shape, size) : size.join();
  });
}

/** Number of amplitudes of {@link spectral}. */
export const amplitudeCount = (shape: readonly number[], isotropic: boolean): number =>
  new Set(momentumNames(shape, isotropic)).size;

/** The Hartley transform of rows `[batch, sites]`, along all axes: neighbouring short axes by one matrix. */
function transformOf(shape: readonly number[]): (x: Tensor) => Tensor {
  const groups: number[][] = [];
  for (const side of shape) {
    const last = groups.at(-1);
    if (last && sizeOf(last) * side <= TOGETHER) last.push(side);
    else groups.push([side]);
  }
  const matrices = groups.map((sides) => arrayFrom("f32", [sizeOf(sides), sizeOf(sides)], casMatrix(sides)));
  const precise = groups.map((sides) => arrayFrom("f64", [sizeOf(sides), sizeOf(sides)], casMatrix(sides)));
  return (x) => {
    const rows = x.shape[0] as number;
    let sizes = groups.map(sizeOf);
    let value = x;
    // The last group is transformed and goes to the front, until every one has been there.
    for (let i = groups.length - 1; i >= 0; i--) {
      const size = sizes.at(-1) as number;
      const rest = sizeOf(sizes) / size;
      const matrix = constant((x.dtype === "f64" ? precise : matrices)[i] as NDArray<"f32" | "f64">);
      value = matmul(reshape(value, [rows * rest, size]), matrix);
      if (groups.length > 1) value = transpose(reshape(value, [rows, rest, size]), [0, 2, 1]);
      sizes = [size, ...sizes.slice(0, -1)];
    }
    return reshape(value, x.shape);
  };
}

/** Products of cas(2πkx/L)/√L over axes, `[sites, sites]` row-major: orthogonal and symmetric. */
function casMatrix(sides: readonly number[]): Float64Array {
  const n = sizeOf(sides);
  return Float64Array.from({ length: n * n }, (_, i) => {
    const [k, x] = [coordinates(sides, Math.floor(i / n)), coordinates(sides, i % n)];
    return sides.reduce((product, side, axis) => {
      const angle = (2 * Math.PI * (((k[axis] as number) * (x[axis] as number)) % side)) / side;
      return (product * (Math.cos(angle) + Math.sin(angle))) / Math.sqrt(side);
    }, 1);
  });
}
