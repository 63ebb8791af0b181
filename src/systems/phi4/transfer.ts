import type { Phi4Exact } from "./free.ts";

/**
 * A square matrix with its first and second derivatives in one parameter, and the logarithm of an omitted
 * factor.
 */
interface Jet {
  readonly value: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly log: number;
}

/** Exponent below which e^{−V} is negligible against its largest value. */
const negligible = 45;

/**
 * Returns exact values of φ⁴ theory on a ring of `sites` by its transfer operator T(φ, φ′) = e^{−(φ − φ′)² −
 * V(φ)/2 − V(φ′)/2}, V = m²φ² + λφ⁴: Z = Tr T^sites. The trapezoid rule with `points` points makes a matrix
 * of it; the error falls exponentially with `points`. Energy and heat capacity are derivatives of log Z in β,
 * ⟨φ²⟩ and χ₂ in sources of φ² and φ; each matrix is carried with its two derivatives, so that no differences
 * are taken.
 */
export function phi4Ring(
  sites: number,
  { mass2, lambda }: { readonly mass2: number; readonly lambda: number },
  points = 128,
): Phi4Exact {
  const potential = (phi: number) => phi * phi * (mass2 + lambda * phi * phi);
  const least = mass2 < 0 ? (-mass2 * mass2) / (4 * lambda) : 0;
  // λr⁴ + m²r² = V_min + 45, solved for r² by the form of the root that does not cancel.
  const level = negligible + least;
  const root = Math.sqrt(mass2 * mass2 + 4 * lambda * level);
  const reach = Math.sqrt(mass2 > 0 ? (2 * level) / (mass2 + root) : (root - mass2) / (2 * lambda));
  const spacing = (2 * reach) / (points - 1);
  const phi = Float64Array.from({ length: points }, (_, i) => -reach + i * spacing);
  const along = (of: (a: number, b: number) => number) =>
    logTrace(sites, points, (i, j) => {
      const [a, b] = [phi[i]!, phi[j]!];
      return [(a - b) ** 2 + (potential(a) + potential(b)) / 2, of(a, b)];
    });
  const heat = along((a, b) => -((a - b) ** 2) - (potential(a) + potential(b)) / 2);
  const squares = along((a, b) => (a * a + b * b) / 2);
  const fields = along((a, b) => (a + b) / 2);
  const logZ = heat.value + sites * Math.log(spacing);
  return {
    logZ,
    energy: -heat.first,
    entropy: logZ - heat.first,
    heatCapacity: heat.second,
    phi2: squares.first / sites,
    susceptibility: fields.second / sites,
  };
}

/**
 * log Tr M^power and its first two derivatives in t at 0, of the matrix M_ij = e^{−S_ij + t D_ij}; `entry(i, j)` is [S_ij,
 * D_ij].
 */
function logTrace(
  power: number,
  size: number,
  entry: (i: number, j: number) => readonly [number, number],
): { value: number; first: number; second: number } {
  const [value, first, second] = [0, 0, 0].map(() => new Float64Array(size * size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const [s, d] = entry(i, j);
      const at = i * size + j;
      value[at] = Math.exp(-s);
      first[at] = d * value[at]!;
      second[at] = d * first[at]!;
    }
  let square: Jet = rescaled({ value, first, second, log: 0 });
  let result: Jet | undefined;
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result ? product(result, square, size) : square;
    if (rest > 1) square = product(square, square, size);
  }
  const { log, ...jet } = result as Jet;
  const trace = (m: Float64Array) => {
    let total = 0;
    for (let i = 0; i < size; i++) total += m[i * size + i]!;
    return total;
  };
  const t = trace(jet.value);
  const slope = trace(jet.first) / t;
  return { value: Math.log(t) + log, first: slope, second: trace(jet.second) / t - slope * slope };
}

function product(a: Jet, b: Jet, size: number): Jet {
  const value = new Float64Array(size * size);
  const first = new Float64Array(size * size);
  const second = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const [v, f, s] = [a.value[i * size + k]!, a.first[i * size + k]!, a.second[i * size + k]!];
      for (let j = 0, from = k * size, to = i * size; j < size; j++, from++, to++) {
        const [w, g] = [b.value[from]!, b.first[from]!];
        value[to]! += v * w;
        first[to]! += f * w + v * g;
        second[to]! += s * w + 2 * f * g + v * b.second[from]!;
      }
    }
  return rescaled({ value, first, second, log: a.log + b.log });
}

/** The same with its largest entry 1, so that high powers stay within the range of doubles. */
function rescaled({ value, first, second, log }: Jet): Jet {
  const largest = value.reduce((most, v) => Math.max(most, v), 0);
  const scaled = (m: Float64Array) => m.map((v) => v / largest);
  return {
    value: scaled(value),
    first: scaled(first),
    second: scaled(second),
    log: log + Math.log(largest),
  };
}
