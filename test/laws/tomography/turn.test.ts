import { expect, test } from "vitest";
import { parametricBootstrap, purity, turnScores, turnTest } from "../../../src/evaluate/tomography/index.ts";
import { Key } from "../../../src/random/key.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { type Tally, withCounts } from "../../../src/tomography/counts.ts";
import { drawCounts } from "../../../src/tomography/draw-counts.ts";
import { maximumLikelihood } from "../../../src/tomography/maximum-likelihood.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { noisyGhz, pauliSettings, randomState } from "./dense.ts";

const key = Key.fromSeed(51);
const qubits = 2;
// Measured twice: a turn in between is not taken for another state.
const settings = [...pauliSettings(qubits), ...pauliSettings(qubits)];

/** The axes of the later settings (from the tenth on) with those of qubit `only`, or of all, turned about `about`. */
function turned(about: number, angle: number, only?: number): Tally["settings"] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return settings.map((setting, at) => {
    if (at < 9) return setting;
    const axes = setting.axes.slice();
    for (let q = 0; q < qubits; q++) {
      if (only !== undefined && q !== only) continue;
      const [i, j] = [3 * q + ((about + 1) % 3), 3 * q + ((about + 2) % 3)];
      [axes[i], axes[j]] = [c * axes[i]! - s * axes[j]!, s * axes[i]! + c * axes[j]!];
    }
    return { name: `[${at}]`, axes };
  });
}

const shotsOf = (
  rho: ReturnType<typeof noisyGhz>,
  measured: Tally["settings"],
  each: number,
  seed: number,
) => {
  const p = new BornTree({ qubits, settings: measured }).probabilities(toPauli(rho));
  const expected = withCounts(
    { qubits, settings, name: "shots" },
    p.map((v) => each * v),
  );
  return drawCounts({ ...expected, shotsOf: new Float64Array(18).fill(each) }, p, key.fold(seed));
};

test("scores are the derivatives of the log-likelihood by turns of the state after half of the settings", () => {
  const x = toPauli(randomState(qubits, key.fold(1)));
  const data = shotsOf(randomState(qubits, key.fold(2)), settings, 30, 3);
  const scores = turnScores(new BornTree(data), data, x);
  const logLikelihood = (about: number, angle: number, q: number) => {
    // Turning the state by an angle is turning the axes by its opposite.
    const tally = { ...data, settings: turned(about, -angle, q) };
    return -data.shots * new BornTree(tally).loss(x, tally);
  };
  for (let q = 0; q < qubits; q++)
    for (let about = 0; about < 3; about++) {
      const h = 1e-4;
      const slope = (logLikelihood(about, h, q) - logLikelihood(about, -h, q)) / (2 * h);
      expect(scores[3 * q + about]).toBeCloseTo(slope, 4);
    }
});

test("a turn by 0.3 rad is found; without one nothing is", async () => {
  const look = async (measured: Tally["settings"], seed: number) => {
    const data = shotsOf(noisyGhz(qubits, 0.3), measured, 1000, seed);
    const { rho } = maximumLikelihood(data);
    const { values, fit } = await parametricBootstrap(data, rho, {
      ...{ replicas: 60, key: key.fold(seed + 1), numbers: { purity } },
    });
    const { value, ofState, mean } = values.purity!;
    expect(ofState).toBe(purity(rho));
    expect(value).toBeCloseTo(2 * ofState - mean, 14);
    return { ...fit.turn!, explained: fit.explained, sentence: fit.sentence };
  };
  const [moved, still] = [await look(turned(0, 0.3), 10), await look(settings, 20)];
  expect(moved.sigmas).toBeGreaterThan(5);
  expect(moved.sentence).toMatch(/qubits turned between the halves of the settings \(\d/);
  expect([moved.explained, still.explained]).toEqual([false, true]);
  // p-value 10⁻³.
  expect(still.sigmas).toBeLessThan(3.1);
  expect(still.components).toBeLessThanOrEqual(6);
});

test("too few replicas tell no covariance of turns", () => {
  const some = Array.from({ length: 12 }, (_, k) => Float64Array.of(Math.sin(k), Math.cos(3 * k), k % 5));
  expect(turnTest(Float64Array.of(0, 0, 2), some)).toBeUndefined();
  expect(turnTest(Float64Array.of(0, 0, 2), [...some, Float64Array.of(0.2, 0.4, 3)])?.components).toBe(3);
});
