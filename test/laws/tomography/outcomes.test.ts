import { expect, test } from "vitest";
import { arrayFrom } from "../../../src/array.ts";
import { makeMeasurements } from "../../../src/data/measurements/make.ts";
import { allPauliNames } from "../../../src/data/measurements/setting.ts";
import { binary, categorical } from "../../../src/data/space.ts";
import { modelTable, stateOfModel } from "../../../src/evaluate/tomography/model-state.ts";
import { outcomeFidelity, outcomePauliMean } from "../../../src/evaluate/tomography/outcome-samples.ts";
import { networkFidelity } from "../../../src/evaluate/tomography/state-vector.ts";
import { coherentShare, tablePlan } from "../../../src/evaluate/tomography/table-plan.ts";
import { makeTransformer } from "../../../src/models/exact/transformer/transformer.ts";
import { makePurified } from "../../../src/models/exact/wave/wave.ts";
import { FittedExact } from "../../../src/models/fitted/exact.ts";
import { Key } from "../../../src/random/key.ts";
import { chiSquaredTest, type Estimate, jointTest } from "../../../src/stats/index.ts";
import { createState } from "../../../src/systems/qubits/registry.ts";
import { namedSettings } from "../../../src/systems/qubits/settings.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";

const key = Key.fromSeed(61);
const qubits = 3;
const domain = { space: binary([qubits]), context: categorical([qubits], 3) };

/** One shot in each setting, or in those of a plan. */
function shotsIn(names: readonly string[], count = qubits) {
  return makeMeasurements(
    {
      qubits: count,
      bits: new Uint8Array(count * names.length),
      setting: names.map((_, s) => s),
      settings: names,
    },
    "shots",
  );
}
const everySetting = shotsIn(allPauliNames(qubits));

const mixed = makePurified(domain, { hidden: 8, phaseHidden: 8, environment: 1 });
const ofState = new FittedExact(mixed, mixed.init(key.fold(1))) as unknown as FittedExact;
const attends = makeTransformer(domain, { width: 8, heads: 2, siteContext: true, activation: "tanh" });
const ofOutcomes = new FittedExact(attends, attends.init(key.fold(2))) as unknown as FittedExact;

test("the state of a model that is one has its probabilities", async () => {
  const { rho, distance, table, gap } = await stateOfModel(ofState, everySetting, { tolerance: 1e-7 });
  expect(gap).toBeLessThan(1e-6);
  expect(distance).toBeLessThan(1e-6);
  const p = new BornTree(table).probabilities(toPauli(rho));
  p.forEach((value, i) => {
    expect(value).toBeCloseTo(table.counts[i]!, 3);
  });
});

test("the state of a model that is none is as near as the bound says, and the distance is that of the tables", async () => {
  const { rho, distance, table, gap } = await stateOfModel(ofOutcomes, everySetting, { tolerance: 1e-5 });
  expect(gap).toBeLessThan(1e-5);
  const p = new BornTree(table).probabilities(toPauli(rho));
  let kl = 0;
  table.counts.forEach((q, i) => {
    kl += (q * Math.log(q / p[i]!)) / table.shots;
  });
  expect(kl).toBeGreaterThan(1e-3);
  expect(distance).toBeCloseTo(kl, 6);
});

test("means and fidelities by draws of a model are those of its state", async () => {
  const w = createState("w", { qubits, phases: [0, 0.4, 1.1] });
  const known = {
    bits: Uint8Array.of(0, 0, 1, 0, 1, 0, 1, 0, 0),
    re: Float64Array.from([1, 2, 4], (i) => w.psi.re[i]!),
    im: Float64Array.from([1, 2, 4], (i) => w.psi.im[i]!),
  };
  const options = { samples: 20_000, seed: 4 };
  const table = await modelTable(ofState, tablePlan(everySetting)!);
  /** The mean of a string that has no I. */
  const exact = (string: string) => {
    const s = table.settings.findIndex(({ name }) => name === string);
    let mean = 0;
    for (let a = 0; a < 8; a++) mean += table.counts[8 * s + a]! * ([0, 3, 5, 6].includes(a) ? 1 : -1);
    return mean;
  };
  const off = ({ value, error }: Estimate, of: number) => (value - of) / error;
  const sum = [
    { string: "XYZ", coefficient: 0.5 },
    { string: "ZZX", coefficient: -2 },
  ];
  const sigmas = [
    off(await outcomeFidelity(ofState, known, options), await networkFidelity(ofState, known)),
    off(await outcomePauliMean(ofState, sum, options), 0.5 * exact("XYZ") - 2 * exact("ZZX")),
    off(await outcomePauliMean(ofState, [{ string: "YYX", coefficient: 1 }], options), exact("YYX")),
  ];
  expect(jointTest(Float64Array.from(sigmas)).pValue).toBeGreaterThan(0.001);
});

test("with the context of each site alone a qubit does not know how later ones are measured, and draws follow the probabilities", async () => {
  const table = await modelTable(ofOutcomes, tablePlan(everySetting)!);
  const firstTwo = (s: number) =>
    [0, 1, 2, 3].map((a) => table.counts[8 * s + 2 * a]! + table.counts[8 * s + 2 * a + 1]!);
  table.settings.forEach((_, s) => {
    firstTwo(s).forEach((p, a) => {
      expect(p).toBeCloseTo(firstTwo(s - (s % 3))[a]!, 5);
    });
  });
  // Its own setting matters, and so does that of the qubit before.
  expect(Math.abs(firstTwo(0)[0]! - firstTwo(3)[0]!)).toBeGreaterThan(1e-3);
  expect(Math.abs(table.counts[0]! / firstTwo(0)[0]! - table.counts[24]! / firstTwo(3)[0]!)).toBeGreaterThan(
    1e-4,
  );
  const rows = 8000;
  const [setting, labels] = [5, Uint8Array.of(0, 1, 2)];
  expect(table.settings[setting]!.name).toBe("XYZ");
  const context = arrayFrom(
    "u8",
    [rows, qubits],
    new Uint8Array(rows * qubits).map((_, i) => labels[i % 3]!),
  );
  const { x, logProb } = await ofOutcomes.sample(rows, { key: key.fold(3), context });
  const seen = new Float64Array(8);
  for (let k = 0; k < rows; k++) {
    const at = 4 * Number(x.data[3 * k]) + 2 * Number(x.data[3 * k + 1]) + Number(x.data[3 * k + 2]);
    seen[at]!++;
    if (k < 20) expect(logProb[k]).toBeCloseTo(Math.log(table.counts[8 * setting + at]!), 4);
  }
  const expected = Float64Array.from(seen, (_, a) => rows * table.counts[8 * setting + a]!);
  expect(chiSquaredTest(seen, expected).pValue).toBeGreaterThan(0.001);
});

test("a context of sites needs a part for each, one order and no symmetries", () => {
  const refusal = (of: object, options: object) => () =>
    makeTransformer({ ...domain, ...of }, { siteContext: true, ...options });
  expect(refusal({ context: categorical([2], 3) }, {})).toThrow("a part for each site");
  expect(refusal({ context: undefined }, {})).toThrow("a part for each site");
  expect(refusal({}, { anyOrder: true })).toThrow("one order");
  expect(refusal({}, { z2: true })).toThrow("symmetries");
});

test("settings that determine a state are asked by their shots, random ones all alike, and others not", () => {
  expect(tablePlan(everySetting)!.settings).toHaveLength(27);
  expect(coherentShare(everySetting)).toBeCloseTo((2 / 3) ** 3, 12);
  const random = namedSettings("random:200", 6, key.fold(5));
  const names = random.settings.map(String);
  const plan = tablePlan(shotsIn([...new Set(names)], 6))!;
  expect(plan.settings).toHaveLength(729);
  expect(new Set(plan.shotsOf).size).toBe(1);
  const neighbours = namedSettings("neighbours", 4, key).settings.map(String);
  expect(tablePlan(shotsIn(neighbours, 4))).toBeUndefined();
});
