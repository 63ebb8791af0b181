import { describe, expect, test } from "vitest";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { overlap, pureState } from "../../tomography/states.ts";
import { concurrence, entropy, fidelity, negativity, purity } from "./properties.ts";

const mix = (a: ComplexMatrix, b: ComplexMatrix, share: number): ComplexMatrix => ({
  n: a.n,
  re: a.re.map((v, i) => share * v + (1 - share) * b.re[i]!),
  im: a.im.map((v, i) => share * v + (1 - share) * b.im[i]!),
});
const diagonal = (values: readonly number[]): ComplexMatrix => ({
  n: values.length,
  re: Float64Array.from({ length: values.length ** 2 }, (_, i) =>
    i % (values.length + 1) === 0 ? values[i / (values.length + 1)]! : 0,
  ),
  im: new Float64Array(values.length ** 2),
});
/** (|00⟩ + i|11⟩)/√2: its phase makes every imaginary part count. */
const bell = pureState([Math.SQRT1_2, 0, 0, 0], [0, 0, 0, Math.SQRT1_2]);
const white = diagonal([0.25, 0.25, 0.25, 0.25]);

describe("a Bell state with a share p of white noise, in closed form", () => {
  test.each([1, 0.8, 0.5, 1 / 3, 0.1])("p = %f", (p) => {
    const rho = mix(bell, white, p);
    const eigenvalues = [(1 + 3 * p) / 4, (1 - p) / 4, (1 - p) / 4, (1 - p) / 4];
    expect(purity(rho)).toBeCloseTo((1 + 3 * p * p) / 4, 13);
    expect(entropy(rho)).toBeCloseTo(
      eigenvalues.reduce((sum, v) => sum - (v > 0 ? v * Math.log(v) : 0), 0),
      12,
    );
    expect(concurrence(rho)).toBeCloseTo(Math.max(0, (3 * p - 1) / 2), 7);
    expect(negativity(rho, [0])).toBeCloseTo(Math.max(0, (3 * p - 1) / 4), 12);
    expect(negativity(rho, [1])).toBeCloseTo(negativity(rho, [0]), 12);
    expect(fidelity(rho, bell)).toBeCloseTo(overlap(rho, bell), 7);
    expect(fidelity(rho, white)).toBeCloseTo(
      eigenvalues.reduce((sum, v) => sum + Math.sqrt(v / 4), 0) ** 2,
      10,
    );
  });
});

test("fidelity of commuting states is the squared classical one, and symmetric", () => {
  const [a, b] = [diagonal([0.5, 0.3, 0.2, 0]), diagonal([0.1, 0.2, 0.3, 0.4])];
  const classical = (Math.sqrt(0.05) + Math.sqrt(0.06) + Math.sqrt(0.06)) ** 2;
  expect(fidelity(a, b)).toBeCloseTo(classical, 12);
  const c = mix(bell, b, 0.4);
  expect(fidelity(a, c)).toBeCloseTo(fidelity(c, a), 10);
  expect(fidelity(c, c)).toBeCloseTo(1, 10);
});

test("a product state has no entanglement, whatever its phases", () => {
  const product = pureState([0.48, 0, 0.36, 0], [0, 0.64, 0, 0.48]);
  expect(concurrence(product)).toBeLessThan(1e-7);
  expect(negativity(product, [0])).toBeLessThan(1e-12);
});

test("what is no state is refused", () => {
  const negative = diagonal([1.1, -0.1, 0, 0]);
  expect(() => fidelity(negative, bell)).toThrow(/the first matrix has an eigenvalue of -0.100/);
  expect(() => fidelity(bell, diagonal([0.5, 0, 0, 0]))).toThrow(/the second matrix has the trace 0.5/);
  expect(() => concurrence(diagonal([0.5, 0.5]))).toThrow(/concurrence is of two qubits, not of 1/);
  expect(() => negativity(bell, [0, 1])).toThrow(/between some of the qubits 0 to 1 and the others/);
});
