import { describe, expect, test } from "vitest";
import { uniformConfusion } from "../../../src/data/measurements/confusion.ts";
import {
  bothOrders,
  devianceBySetting,
  directFidelity,
  directMean,
  directWeights,
  logLikelihoodPerShot,
  parametricBootstrap,
  pauliEstimates,
  purity,
  shadowFidelity,
} from "../../../src/evaluate/tomography/index.ts";
import { Key } from "../../../src/random/key.ts";
import { chiSquaredSurvival } from "../../../src/stats/chi-squared.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { type Tally, withCounts } from "../../../src/tomography/counts.ts";
import { drawCounts } from "../../../src/tomography/draw-counts.ts";
import { maximumLikelihood } from "../../../src/tomography/maximum-likelihood.ts";
import { fromPauli, toPauli } from "../../../src/tomography/pauli.ts";
import { overlap, pureState } from "../../../src/tomography/states.ts";
import { noisyGhz, pauliSettings, randomSettings, randomState } from "./dense.ts";

const key = Key.fromSeed(3);

const emptyTally = (
  qubits: number,
  settings: Tally["settings"],
  each: number,
  confusion?: Float64Array,
): Tally => ({
  ...{ qubits, settings, confusion, name: "shots", counts: new Float64Array(settings.length * 2 ** qubits) },
  shotsOf: new Float64Array(settings.length).fill(each),
  shots: each * settings.length,
});

const target = noisyGhz(2);

/** Settings and readouts under which the same estimators must be unbiased. */
const cases: readonly (readonly [string, Tally])[] = [
  ["Pauli settings", emptyTally(2, pauliSettings(2), 20)],
  [
    "Pauli settings of one to three shots",
    {
      ...emptyTally(2, pauliSettings(2), 1),
      shots: 13,
      shotsOf: Float64Array.from([1, 1, 2, 1, 3, 1, 1, 1, 2]),
    },
  ],
  ["Pauli settings read with errors", emptyTally(2, pauliSettings(2), 20, uniformConfusion(2, 0.04, 0.12))],
  ["random axes", emptyTally(2, randomSettings(2, 14, key.fold(1)), 20)],
];

describe.each(cases)("direct estimators: %s", (_, tally) => {
  const rho = randomState(2, key.fold(2), 2);
  const exact = overlap(rho, target);
  const p = new BornTree(tally).probabilities(toPauli(rho));
  // Weights depend on shots alone: of expected counts the estimator is the exact value.
  test("of expected counts they are the exact value", () => {
    const expected = withCounts(
      tally,
      p.map((v, i) => v * tally.shotsOf[Math.floor(i / 4)]!),
    );
    expect(directFidelity(expected, target).value).toBeCloseTo(exact, 12);
  });

  test("they are unbiased, and their errors are the spread of many data sets", () => {
    const runs = 600;
    const all = Array.from({ length: runs }, (_, k) =>
      directFidelity(drawCounts(tally, p, key.fold(100 + k)), target),
    );
    const mean = all.reduce((sum, { value }) => sum + value, 0) / runs;
    const square = all.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (runs - 1);
    // p-value 10⁻⁴, two-sided.
    expect(Math.abs(mean - exact) / Math.sqrt(square / runs)).toBeLessThan(3.9);
    const stated = all.reduce((sum, { error }) => sum + error ** 2, 0) / runs;
    // The variance of a variance is 2/600 of it: within 4.5 standard errors. Of strings measured once there is only a bound.
    expect(stated / square).toBeGreaterThan(0.74);
    expect(stated / square).toBeLessThan(tally.shots > 100 ? 1.26 : 2);
  });
});

test("letters as axes give the weights that letters give", () => {
  const tally = emptyTally(2, pauliSettings(2), 30);
  const p = new BornTree(tally).probabilities(toPauli(randomState(2, key.fold(4))));
  const data = drawCounts({ ...tally, shotsOf: tally.shotsOf.map((n, s) => n + 3 * s) }, p, key.fold(5));
  const axes = { ...data, settings: data.settings.map((s, i) => ({ ...s, name: `[${i}]` })) };
  const t = toPauli(randomState(2, key.fold(6)));
  const [a, b] = [directWeights(data, t), directWeights(axes, t)];
  a.weights.forEach((v, i) => {
    expect(b.weights[i]).toBeCloseTo(v, 12);
  });
});

test("Pauli means and errors: sums over shots by plain loops", () => {
  const tally = emptyTally(2, pauliSettings(2), 40, uniformConfusion(2, 0.05, 0.1));
  const p = new BornTree(tally).probabilities(toPauli(randomState(2, key.fold(7))));
  const data = drawCounts(tally, p, key.fold(8));
  const { means, errors, shots } = pauliEstimates(data)!;
  // IZ: digits 0 and 3; it is measured in XZ, YZ and ZZ.
  let [n, sum, square] = [0, 0, 0];
  data.settings.forEach(({ name }, s) => {
    if (name[1] !== "Z") return;
    for (let a = 0; a < 4; a++) {
      // Read 0 with 0.95 and 0.1: the mean as read is 0.05 + 0.85 ⟨σ⟩.
      const own = ((a & 1 ? -1 : 1) - 0.05) / 0.85;
      n += data.counts[4 * s + a]!;
      sum += data.counts[4 * s + a]! * own;
      square += data.counts[4 * s + a]! * own ** 2;
    }
  });
  expect(shots[3]).toBe(n);
  expect(means[3]).toBeCloseTo(sum / n, 12);
  expect(errors[3]).toBeCloseTo(Math.sqrt((square / n - (sum / n) ** 2) / (n - 1)), 12);
  expect([means[0], errors[0]]).toEqual([1, 0]);
});

test("a perfect stabiliser state has no spread: the error is a bound that a worse state would keep to", () => {
  const tally = emptyTally(2, pauliSettings(2), 30);
  const perfect = drawCounts(tally, new BornTree(tally).probabilities(toPauli(target)), key.fold(9));
  const { value, error, by } = directFidelity(perfect, target);
  expect(value).toBeCloseTo(1, 12);
  expect(by).toBe("bound");
  expect(error).toBeGreaterThan(0.01);
  // A state of fidelity 1 − error shows no failure with a probability below that of the bound, 0.1587.
  const worse = new BornTree(tally).probabilities(toPauli(noisyGhz(2, error / 0.75)));
  const seen = new BornTree(tally).probabilities(toPauli(target));
  let log = 0;
  for (let s = 0; s < 9; s++) {
    let own = 0;
    for (let a = 4 * s; a < 4 * s + 4; a++) if (seen[a]! > 1e-9) own += worse[a]!;
    log += 30 * Math.log(own);
  }
  expect(Math.exp(log)).toBeLessThan(0.1587);
  const trivial = directMean(perfect, Float64Array.of(1, ...new Array(15).fill(0)));
  expect(trivial.value).toBeCloseTo(1, 12);
  expect(trivial.error).toBeLessThan(1e-12);
});

test("what settings leave undetermined is named", () => {
  const tally = emptyTally(2, pauliSettings(2).slice(0, 5), 10);
  const data = drawCounts(tally, new BornTree(tally).probabilities(toPauli(target)), key.fold(10));
  expect(() => directFidelity(data, target)).toThrow(
    /shots: the settings leave 1 Pauli string of this undetermined \(ZZ\)/,
  );
  const axes = emptyTally(2, randomSettings(2, 4, key.fold(11)), 10);
  expect(() => directFidelity(data, noisyGhz(2, 0.5))).toThrow(
    /the target has the purity 0.438: .* to a pure state/,
  );
  const few = drawCounts(axes, new BornTree(axes).probabilities(toPauli(target)), key.fold(12));
  expect(() => directFidelity(few, target)).toThrow(
    /leave part of this undetermined; measure along more axes/,
  );
});

test("classical shadows of all Pauli settings agree with the direct estimator, and err more", () => {
  const tally = emptyTally(2, pauliSettings(2), 200);
  const p = new BornTree(tally).probabilities(toPauli(noisyGhz(2, 0.2)));
  const data = drawCounts(tally, p, key.fold(13));
  const [direct, shadow] = [directFidelity(data, target), shadowFidelity(data, target)!];
  // With equal shots in every setting both are the same sum.
  expect(shadow.value).toBeCloseTo(direct.value, 12);
  expect(shadow.error).toBeGreaterThan(direct.error);
});

describe("deviance and bootstrap", () => {
  const tally = emptyTally(2, pauliSettings(2), 200);
  const tree = new BornTree(tally);
  const [one, other] = [noisyGhz(2, 0.3), randomState(2, key.fold(14), 1)];

  test("shots of one state are explained; those of two states, each in half of the settings, are not", async () => {
    const [p, q] = [one, other].map((rho) => tree.probabilities(toPauli(rho)));
    const mixed = p!.map((v, i) => (i < 20 ? v : q![i]!));
    const fitOf = async (probabilities: Float64Array, i: number) => {
      const data = drawCounts(tally, probabilities, key.fold(15 + i));
      const { rho } = maximumLikelihood(data);
      return (await parametricBootstrap(data, rho, { replicas: 40, key: key.fold(17), numbers: { purity } }))
        .fit;
    };
    const verdict = [await fitOf(p!, 0), await fitOf(mixed, 1)];
    expect(verdict[0]!.explained).toBe(true);
    expect(verdict[0]!.sentence).toMatch(/^A single state explains the shots/);
    expect(verdict[1]!.sigmas).toBeGreaterThan(6);
    expect(verdict[1]!.sentence).toMatch(/^No single state explains the shots.*no error bar here holds/);
    expect(verdict[1]!.settings.reduce((sum, { deviance }) => sum + deviance, 0)).toBeCloseTo(
      verdict[1]!.deviance,
      9,
    );
  });

  test("of full-rank states the deviance is χ² with the degrees of freedom that it names", async () => {
    const p = tree.probabilities(toPauli(noisyGhz(2, 0.6)));
    const data = drawCounts(tally, p, key.fold(18));
    const { rho } = maximumLikelihood(data);
    const deviance = devianceBySetting(data, tree.probabilities(toPauli(rho))).reduce((sum, v) => sum + v, 0);
    const { fit } = await parametricBootstrap(data, rho, { replicas: 60, key: key.fold(19), numbers: {} });
    expect(fit.degrees).toBe(9 * 3 - 15);
    expect(fit.deviance).toBeCloseTo(deviance, 12);
    expect(Math.abs(fit.expected - fit.degrees) / Math.sqrt((2 * fit.degrees) / 60)).toBeLessThan(3.9);
    expect(chiSquaredSurvival(deviance, fit.degrees)).toBeGreaterThan(1e-4);
  });

  test("a pure state is at the boundary, and its purity is doubted", async () => {
    const data = drawCounts(tally, tree.probabilities(toPauli(other)), key.fold(20));
    const { rho } = maximumLikelihood(data);
    const { values } = await parametricBootstrap(data, rho, {
      replicas: 30,
      key: key.fold(21),
      numbers: { purity },
    });
    expect(values.purity!.doubt).toMatch(/standard errors: it is biased/);
  });

  test("refits that agree give no error, instead of an error of 0", async () => {
    // Of rank 1 every refit is pure.
    const data = drawCounts(tally, tree.probabilities(toPauli(other)), key.fold(22));
    const { rho } = maximumLikelihood(data, { rank: 1 });
    const options = { replicas: 3, key: key.fold(23), numbers: { purity }, rank: 1 };
    const { values } = await parametricBootstrap(data, rho, options);
    expect(values.purity!.error).toBeNaN();
    expect(values.purity!.value).toBeCloseTo(1, 9);
    expect(values.purity!.doubt).toContain("all 3 refits agree");
  });
});

test("the log-likelihood of a shot and of both orders", () => {
  const qubits = 2;
  const amplitudes = [0.8, 0.6, 0, 0];
  const rho = pureState(amplitudes);
  const settings = pauliSettings(2).slice(8);
  const data = withCounts({ qubits, settings, name: "z" }, Float64Array.of(5, 3, 0, 0));
  const value = (5 * Math.log(0.64) + 3 * Math.log(0.36)) / 8;
  expect(logLikelihoodPerShot(rho, data).value).toBeCloseTo(value, 12);
  const blurred = fromPauli(toPauli(rho).map((v, i) => (i === 0 ? 1 : 0.9 * v)));
  const { asGiven, mirrored, wonBy } = bothOrders(blurred, data);
  expect(asGiven).toBeCloseTo(5 * Math.log(0.601) + 3 * Math.log(0.349), 12);
  expect(mirrored).toBeCloseTo(5 * Math.log(0.601) + 3 * Math.log(0.025), 12);
  expect(wonBy).toBeCloseTo(asGiven - mirrored, 12);
  expect(logLikelihoodPerShot(pureState([0, 0, 1, 0]), data).value).toBe(-Infinity);
});
