import type { Setting } from "../../../src/data/measurements/measurements.ts";
import { allPauliNames, axesSetting, pauliSetting } from "../../../src/data/measurements/setting.ts";
import type { Key } from "../../../src/random/key.ts";
import { normal } from "../../../src/random/normal.ts";
import type { ComplexMatrix } from "../../../src/stats/hermitian-eigen.ts";

/** A random state of rank `rank`: GG†/Tr GG† of normal numbers. */
export function randomState(qubits: number, key: Key, rank = 2 ** qubits): ComplexMatrix {
  const n = 2 ** qubits;
  const g = normal(key, 2 * n * rank, "f64");
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  let trace = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < rank; k++) {
        const [a, b] = [g[i * rank + k]!, g[n * rank + i * rank + k]!];
        const [c, d] = [g[j * rank + k]!, g[n * rank + j * rank + k]!];
        out.re[i * n + j]! += a * c + b * d;
        out.im[i * n + j]! += b * c - a * d;
      }
      if (i === j) trace += out.re[i * n + i]!;
    }
  return { n, re: out.re.map((v) => v / trace), im: out.im.map((v) => v / trace) };
}

/** Settings of random axes. */
export function randomSettings(qubits: number, count: number, key: Key): Setting[] {
  const noise = normal(key, 3 * qubits * count, "f64");
  return Array.from({ length: count }, (_, s) => {
    const axes = noise.slice(3 * qubits * s, 3 * qubits * (s + 1));
    for (let q = 0; q < qubits; q++) {
      const length = Math.hypot(axes[3 * q]!, axes[3 * q + 1]!, axes[3 * q + 2]!);
      for (let i = 0; i < 3; i++) axes[3 * q + i]! /= length;
    }
    return axesSetting(axes, s, "random settings");
  });
}

export const pauliSettings = (qubits: number): Setting[] =>
  allPauliNames(qubits).map((name) => pauliSetting(name, "settings"));

/** GHZ of N qubits mixed with a share `white` of the maximally mixed state. */
export function noisyGhz(qubits: number, white = 0): ComplexMatrix {
  const n = 2 ** qubits;
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++) out.re[i * n + i] = white / n;
  for (const i of [0, n - 1]) for (const j of [0, n - 1]) out.re[i * n + j]! += (1 - white) / 2;
  return out;
}

/** ⊗ of the projectors (1 ± n·σ)/2 of an outcome as one matrix, by plain Kronecker products; `flips` is a readout confusion. */
export function effect(
  { axes }: Setting,
  qubits: number,
  outcome: number,
  confusion?: Float64Array,
): ComplexMatrix {
  let out: ComplexMatrix = { n: 1, re: Float64Array.of(1), im: Float64Array.of(0) };
  for (let q = 0; q < qubits; q++) {
    const bit = (outcome >> (qubits - 1 - q)) & 1;
    const [x, y, z] = [axes[3 * q]!, axes[3 * q + 1]!, axes[3 * q + 2]!];
    const one = { n: 2, re: new Float64Array(4), im: new Float64Array(4) };
    for (const t of [0, 1]) {
      const weight = confusion ? confusion[4 * q + 2 * bit + t]! : bit === t ? 1 : 0;
      const sign = t === 0 ? 1 : -1;
      [1 + sign * z, sign * x, sign * x, 1 - sign * z].forEach((v, i) => {
        one.re[i]! += (weight * v) / 2;
      });
      [0, -sign * y, sign * y, 0].forEach((v, i) => {
        one.im[i]! += (weight * v) / 2;
      });
    }
    out = kronecker(out, one);
  }
  return out;
}

function kronecker(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const n = a.n * b.n;
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const x = Math.floor(i / b.n) * a.n + Math.floor(j / b.n);
      const y = (i % b.n) * b.n + (j % b.n);
      out.re[i * n + j] = a.re[x]! * b.re[y]! - a.im[x]! * b.im[y]!;
      out.im[i * n + j] = a.re[x]! * b.im[y]! + a.im[x]! * b.re[y]!;
    }
  return out;
}

/** AB by plain loops. */
export function times(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  const { n } = a;
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++)
      for (let j = 0; j < n; j++) {
        const [x, y, z, w] = [a.re[i * n + k]!, a.im[i * n + k]!, b.re[k * n + j]!, b.im[k * n + j]!];
        out.re[i * n + j]! += x * z - y * w;
        out.im[i * n + j]! += x * w + y * z;
      }
  return out;
}
