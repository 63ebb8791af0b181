import { expect, test } from "vitest";
import { uniformConfusion } from "../../../src/data/measurements/confusion.ts";
import { Key } from "../../../src/random/key.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { withCounts } from "../../../src/tomography/counts.ts";
import { drawCounts } from "../../../src/tomography/draw-counts.ts";
import { maximumLikelihood } from "../../../src/tomography/maximum-likelihood.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { fitReadout } from "../../../src/tomography/readout.ts";
import { noisyGhz, pauliSettings } from "./dense.ts";

const key = Key.fromSeed(61);
const qubits = 2;
const truth = uniformConfusion(qubits, 0.03, 0.1);

/** Shots of a noisy GHZ state, read with errors, and 400 of each of |00⟩ and |11⟩. */
const settings = pauliSettings(qubits);
const p = new BornTree({ qubits, settings, confusion: truth }).probabilities(toPauli(noisyGhz(qubits, 0.1)));
const shots = drawCounts(
  withCounts(
    { qubits, settings, name: "shots" },
    p.map((v) => 400 * v),
  ),
  p,
  key,
);
const read = (bit: number, from: number) => truth[2 * bit + from]!;
const circuits = [0, 1].flatMap((from) => [0, 1, 2, 3].map((a) => read(a >> 1, from) * read(a & 1, from)));
const calibration = {
  prepared: [0, 0, 1, 1],
  counts: drawCounts(
    withCounts(
      { qubits, settings: settings.slice(0, 2), name: "calibration" },
      Float64Array.from(circuits, (v) => 400 * v),
    ),
    Float64Array.from(circuits),
    key.fold(1),
  ).counts,
};

/** Log-likelihood of shots and calibration at a readout, the state being the likeliest. */
function profile(confusion: Float64Array): number {
  let sum = -maximumLikelihood({ ...shots, confusion }, { tolerance: 1e-7 }).loss * shots.shots;
  calibration.counts.forEach((n, i) => {
    const from = i >> 2;
    for (const [q, bit] of [(i >> 1) & 1, i & 1].entries())
      sum += n * Math.log(confusion[4 * q + 2 * bit + from]!);
  });
  return sum;
}

test("state and readout are likeliest together: no other readout is likelier, and the truth is within chance", () => {
  const { confusion, logLikelihood, converged } = fitReadout(shots, calibration, { tolerance: 1e-5 });
  expect(converged).toBe(true);
  expect(profile(confusion)).toBeCloseTo(logLikelihood, 3);
  for (const [q, from] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const)
    for (const step of [-0.004, 0.004]) {
      const moved = confusion.slice();
      moved[4 * q + from]! += step;
      moved[4 * q + 2 + from]! -= step;
      expect(profile(moved)).toBeLessThan(logLikelihood);
    }
  // Twice the difference is χ² of 4 + 15 degrees of freedom at most; p-value 10⁻⁴: 50.8.
  expect(2 * (logLikelihood - profile(truth))).toBeLessThan(50.8);
});

test("a qubit that was prepared in one bit alone is refused with the reason", () => {
  const only = { prepared: [0, 0], counts: [90, 4, 5, 1] };
  expect(() => fitReadout(shots, only)).toThrow(
    "shots: qubit 0 has no calibration shots prepared in 1, and without them flips of its bits cannot be told from local depolarisation",
  );
  expect(() => fitReadout(shots, { prepared: [0], counts: [90, 4, 5, 1] })).toThrow(
    "these are 1 bits and 4 counts",
  );
});
