import { expect, test } from "vitest";
import { pauliSetting } from "../../data/measurements/index.ts";
import { mirroredState, pureState, withCounts } from "../../tomography/index.ts";
import { entanglementBound } from "./entanglement-bound.ts";
import { noisyTargetOrders } from "./noisy-target.ts";

test("the fidelity that proves entanglement of all qubits is ½ for GHZ, (N − 1)/N for W and 1 for product states", () => {
  for (const qubits of [2, 3, 4]) {
    const n = 2 ** qubits;
    const ghz = Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 1 : 0));
    const w = Array.from({ length: n }, (_, i) => (Math.log2(i) % 1 === 0 ? 1 : 0));
    expect(entanglementBound(pureState(ghz))).toBeCloseTo(0.5, 12);
    expect(entanglementBound(pureState(w))).toBeCloseTo(qubits === 2 ? 0.5 : (qubits - 1) / qubits, 12);
    expect(entanglementBound(pureState(ghz.map(() => 1)))).toBeCloseTo(1, 12);
  }
  // A Bell pair next to a qubit on its own: that qubit can be parted from the others.
  expect(entanglementBound(pureState([1, 0, 0, 0, 0, 0, 1, 0]))).toBeCloseTo(1, 12);
});

test("a pure target gets the share of white noise that explains the shots best, in both orders", () => {
  const settings = [pauliSetting("ZZ", "")];
  // |01⟩ in 90 of 100 shots: p = 1 − w + w/4 = 0.9 at the maximum.
  const tally = withCounts({ qubits: 2, settings, name: "z" }, Float64Array.of(3, 90, 4, 3));
  const state = pureState([0, 1, 0, 0]);
  const { asGiven, mirrored } = noisyTargetOrders(state, tally);
  expect(asGiven.white).toBeCloseTo(0.4 / 3, 6);
  expect(asGiven.logLikelihood).toBeCloseTo(90 * Math.log(0.9) + 10 * Math.log(0.1 / 3), 8);
  // |10⟩ is rarer than white noise says: that alone is best.
  expect(mirrored.white).toBeCloseTo(1, 6);
  expect(mirrored.logLikelihood).toBeCloseTo(100 * Math.log(0.25), 8);
  expect(noisyTargetOrders(mirroredState(state), tally).asGiven).toEqual(mirrored);
});
