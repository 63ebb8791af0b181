import { expect, test } from "vitest";
import {
  bothFidelities,
  directFidelity,
  ghzWitness,
  wWitness,
} from "../../../src/evaluate/tomography/index.ts";
import { Key } from "../../../src/random/key.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { withCounts } from "../../../src/tomography/counts.ts";
import { drawCounts } from "../../../src/tomography/draw-counts.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { pureState } from "../../../src/tomography/states.ts";
import { noisyGhz, pauliSettings } from "./dense.ts";

const key = Key.fromSeed(41);
const qubits = 3;
const settings = pauliSettings(qubits);

/** Expected counts of a state: an unbiased estimator then gives the exact value. */
function expected(rho: ReturnType<typeof pureState>) {
  const p = new BornTree({ qubits, settings }).probabilities(toPauli(rho));
  return withCounts(
    { qubits, settings, name: "shots" },
    p.map((v) => 50 * v),
  );
}

/** (|001⟩ + e^{iα}|010⟩ + e^{iβ}|100⟩)/√3, by its amplitudes. */
const w = (alpha: number, beta: number) =>
  pureState(
    [0, 1, Math.cos(alpha), 0, Math.cos(beta), 0, 0, 0],
    [0, 0, Math.sin(alpha), 0, Math.sin(beta), 0, 0, 0],
  );

test("witnesses are exact in the mean: negative for their states, with phases; 0 or more where a qubit is apart", () => {
  expect(ghzWitness(expected(noisyGhz(qubits, 0.2))).value).toBeCloseTo(0.5 - (0.8 + 0.2 / 8), 10);
  const turned = pureState([1, 0, 0, 0, 0, 0, 0, Math.cos(1.2)], [0, 0, 0, 0, 0, 0, 0, Math.sin(1.2)]);
  expect(ghzWitness(expected(turned), 1.2)).toMatchObject({ bound: 0.5, value: expect.closeTo(-0.5, 10) });
  expect(ghzWitness(expected(turned)).fidelity).toBeCloseTo((1 + Math.cos(1.2)) / 2, 10);
  expect(wWitness(expected(w(0, 0))).value).toBeCloseTo(2 / 3 - 1, 10);
  expect(wWitness(expected(w(0.4, -1.1)), [-1.1, 0.4, 0]).value).toBeCloseTo(2 / 3 - 1, 10);
  // |0⟩ and a Bell pair, at the edge of what W's witness allows; and |000⟩ at that of GHZ's.
  const apart = pureState([0, 1, 1, 0, 0, 0, 0, 0]);
  expect(wWitness(expected(apart)).value).toBeCloseTo(0, 10);
  expect(ghzWitness(expected(pureState([1, 0, 0, 0, 0, 0, 0, 0]))).value).toBeCloseTo(0, 10);
});

test("errors of witnesses are those of the direct fidelity; one qubit and wrong phases are refused", () => {
  const tally = expected(noisyGhz(qubits, 0.2));
  const p = new BornTree({ qubits, settings }).probabilities(toPauli(noisyGhz(qubits, 0.2)));
  const data = drawCounts(tally, p, key);
  const direct = directFidelity(data, noisyGhz(qubits));
  expect(ghzWitness(data)).toMatchObject({
    ...{ fidelity: direct.value, error: direct.error, by: "sampling" },
    value: 0.5 - direct.value,
  });
  expect(() => wWitness(data, [0, 1])).toThrow("the W state of 3 qubits has 3 phases, not 2");
  const one = withCounts(
    { qubits: 1, settings: pauliSettings(1), name: "one" },
    Float64Array.of(9, 1, 5, 5, 5, 5),
  );
  expect(() => ghzWitness(one)).toThrow("one: one qubit has no other to be entangled with");
});

test("fidelity in both orders: |001⟩ mirrored is |100⟩", () => {
  const [first, last] = [pureState([0, 0, 0, 0, 1, 0, 0, 0]), pureState([0, 1, 0, 0, 0, 0, 0, 0])];
  expect(bothFidelities(first, last)).toEqual({
    asGiven: expect.closeTo(0, 10),
    mirrored: expect.closeTo(1, 10),
  });
});
