import { expect, test } from "vitest";
import { ndarray } from "../../../src/array.ts";
import { writeComplexNpy } from "../../../src/data/formats/npy-complex.ts";
import { readHeader } from "../../../src/data/formats/npy-header.ts";
import { uniformConfusion } from "../../../src/data/measurements/confusion.ts";
import { fromDataset, toDataset } from "../../../src/data/measurements/dataset.ts";
import { makeMeasurements } from "../../../src/data/measurements/make.ts";
import { binary, categorical, real } from "../../../src/data/space.ts";
import { makeDensity } from "../../../src/models/exact/density/density.ts";
import { store } from "../../../src/models/exact/density/player.ts";
import { FittedExact } from "../../../src/models/fitted/exact.ts";
import { Key } from "../../../src/random/key.ts";
import { stream } from "../../../src/random/stream.ts";
import { chiSquaredSurvival } from "../../../src/stats/chi-squared.ts";
import { hermitianEigenvalues } from "../../../src/stats/hermitian-eigen.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { tallyOf } from "../../../src/tomography/counts.ts";
import { maximumLikelihood } from "../../../src/tomography/maximum-likelihood.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { fit } from "../../../src/train/fit.ts";
import { pauliSettings, randomSettings, randomState } from "./dense.ts";

const key = Key.fromSeed(21);
const qubits = 2;
const confusion = uniformConfusion(qubits, 0.03, 0.09);
const rho = randomState(qubits, key.fold(1), 2);

/** Parameters of a state in double precision, with readout errors. */
const parametersOf = () => {
  const parameters = {
    pauli: ndarray("f32", [16]),
    remainder: ndarray("f32", [16]),
    readout: ndarray("f32", [2, 2, 2], Float32Array.from(confusion)),
  };
  store(toPauli(rho), parameters);
  return parameters;
};

test.each([
  ["labels", pauliSettings(qubits), categorical([qubits], 3)],
  ["axes", randomSettings(qubits, 5, key.fold(2)), real([qubits, 3])],
] as const)(
  "log P of every outcome is Born's rule, and samples follow it: settings as %s",
  async (kind, settings, context) => {
    const model = makeDensity({ space: binary([qubits]), context });
    await using fitted = new FittedExact(model, parametersOf());
    const p = new BornTree({ qubits, settings, confusion }).probabilities(toPauli(rho));
    const width = kind === "labels" ? qubits : 3 * qubits;
    const contextOf = (rows: number, each: number) =>
      ndarray(
        "f32",
        [rows, width],
        Float32Array.from({ length: rows * width }, (_, i) => {
          const setting = settings[Math.floor(i / width / each)]!;
          return kind === "labels" ? "XYZ".indexOf(setting.name[i % width]!) : setting.axes[i % width]!;
        }),
      );
    const rows = 4 * settings.length;
    const x = ndarray(
      "u8",
      [rows, qubits],
      Uint8Array.from({ length: 2 * rows }, (_, i) => (Math.floor(i / 2) >> (1 - (i % 2))) & 1),
    );
    const logProb = await fitted.logProb(x, contextOf(rows, 4));
    // Readout and axes are in single precision here.
    logProb.forEach((value, i) => {
      expect(Math.exp(value)).toBeCloseTo(p[i]!, 6);
    });
    const each = 2000;
    const drawn = await fitted.sample(each * settings.length, {
      seed: 4,
      context: contextOf(each * settings.length, each),
    });
    const counts = new Float64Array(p.length);
    drawn.logProb.forEach((value, i) => {
      const outcome =
        4 * Math.floor(i / each) + 2 * Number(drawn.x.data[2 * i]) + Number(drawn.x.data[2 * i + 1]);
      counts[outcome]!++;
      expect(Math.exp(value)).toBeCloseTo(p[outcome]!, 6);
    });
    const statistic = counts.reduce((sum, n, i) => sum + (n - each * p[i]!) ** 2 / (each * p[i]!), 0);
    // p-value 10⁻⁴.
    expect(chiSquaredSurvival(statistic, 3 * settings.length)).toBeGreaterThan(1e-4);
  },
);

test("a fit is the maximum likelihood of its training rows, with the readout of the data; to be read back by NumPy", async () => {
  const random = stream(key.fold(5));
  const settings = pauliSettings(qubits);
  const p = new BornTree({ qubits, settings, confusion }).probabilities(toPauli(rho));
  const shots = 900;
  const setting = Uint32Array.from({ length: shots }, (_, i) => i % 9);
  const bits = new Uint8Array(2 * shots);
  setting.forEach((s, shot) => {
    const u = random.uniform();
    let [below, outcome] = [p[4 * s]!, 0];
    for (; outcome < 3 && below <= u; below += p[4 * s + outcome]!) outcome++;
    bits.set([outcome >> 1, outcome & 1], 2 * shot);
  });
  const dataset = toDataset(
    makeMeasurements(
      { qubits, bits, setting, settings: settings.map(({ name }) => name), confusion },
      "shots",
    ),
  );
  const model = makeDensity({ space: dataset.space, context: dataset.contextSpace });
  const { parameters } = (await fit(model, dataset, { epochs: 2, schedule: "cosine", seed: 1 }).result()) as {
    parameters: Parameters<NonNullable<typeof model.densityMatrix>>[0];
  };
  const own = maximumLikelihood(tallyOf(fromDataset(dataset, dataset.splits.train)));
  const found = model.densityMatrix!(parameters);
  for (let i = 0; i < 16; i++) {
    expect(found.re[i]).toBeCloseTo(own.rho.re[i]!, 12);
    expect(found.im[i]).toBeCloseTo(own.rho.im[i]!, 12);
  }
  expect(hermitianEigenvalues(found).at(-1)).toBeGreaterThanOrEqual(-1e-12);
  parameters.readout.data.forEach((value, i) => {
    expect(value).toBeCloseTo(confusion[i]!, 7);
  });
  const bytes = writeComplexNpy(found);
  expect(() => readHeader(bytes, "rho.npy")).toThrow(/holds complex numbers \("<c16"\)/);
  const view = new DataView(bytes.buffer, bytes.length - 16 * 16);
  for (let i = 0; i < 16; i++)
    expect([view.getFloat64(16 * i, true), view.getFloat64(16 * i + 8, true)]).toEqual([
      found.re[i],
      found.im[i],
    ]);
});

test("domains that are no measured qubits are refused", () => {
  const labels = categorical([2], 3);
  expect(() => makeDensity({ space: binary([2]) })).toThrow(
    /density needs the setting of every shot as context/,
  );
  expect(() => makeDensity({ space: categorical([2], 2), context: labels })).toThrow(/density models bits/);
  expect(() => makeDensity({ space: binary([9]), context: categorical([9], 3) })).toThrow(
    /up to 8 qubits, and these are 9/,
  );
  expect(() => makeDensity({ space: binary([2]), context: labels }, { rank: 5 })).toThrow(
    /the rank of 2 qubits is at most 4/,
  );
});
