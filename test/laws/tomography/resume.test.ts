import { expect, test } from "vitest";
import { toDataset } from "../../../src/data/measurements/dataset.ts";
import { makeMeasurements } from "../../../src/data/measurements/make.ts";
import type { ClosedPlayer, ExactModel } from "../../../src/models/contract.ts";
import type { DensityParameters } from "../../../src/models/exact/density/born.ts";
import { makeDensity } from "../../../src/models/exact/density/density.ts";
import { Key } from "../../../src/random/key.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { tallyOf } from "../../../src/tomography/counts.ts";
import { drawCounts } from "../../../src/tomography/draw-counts.ts";
import {
  beginSearch,
  continueSearch,
  maximumLikelihood,
} from "../../../src/tomography/maximum-likelihood.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { fit } from "../../../src/train/fit.ts";
import { noisyGhz, pauliSettings } from "./dense.ts";

type Density = ExactModel<DensityParameters>;

const key = Key.fromSeed(31);
const qubits = 3;

/** Shots of a noisy GHZ state, nearly pure: a search of more than 50 steps. */
function shots() {
  const settings = pauliSettings(qubits);
  const empty = { qubits, settings, counts: new Float64Array(27 * 8), name: "shots", shots: 27 * 1000 };
  const tally = { ...empty, shotsOf: new Float64Array(27).fill(1000) };
  const drawn = drawCounts(tally, new BornTree(tally).probabilities(toPauli(noisyGhz(qubits, 0.02))), key);
  const [bits, setting]: [number[], number[]] = [[], []];
  drawn.counts.forEach((n, i) => {
    for (let shot = 0; shot < n; shot++) {
      setting.push(Math.floor(i / 8));
      bits.push((i >> 2) & 1, (i >> 1) & 1, i & 1);
    }
  });
  return makeMeasurements({ qubits, bits, setting, settings: settings.map(({ name }) => name) }, "shots");
}

test("a search in legs ends within the same bound of the optimum as one without a stop", () => {
  const tally = tallyOf(shots());
  const whole = maximumLikelihood(tally, { tolerance: 1e-6 });
  let at = beginSearch(tally);
  let legs = 0;
  for (; !at.finished; legs++) at = continueSearch(tally, at, { tolerance: 1e-6 }, 25);
  expect(legs).toBeGreaterThan(1);
  expect(Math.abs(at.loss - whole.loss) * tally.shots).toBeLessThan(2e-6);
});

/** A density matrix that calls `seen` after every leg of its search. */
function watched(dataset: ReturnType<typeof toDataset>, seen: (unfinished: boolean) => void): Density {
  const model = makeDensity({ space: dataset.space, context: dataset.contextSpace });
  return {
    ...model,
    objective(request) {
      const { players, ...rest } = model.objective!(request);
      const player = players[0] as ClosedPlayer<DensityParameters>;
      const update: typeof player.update = async (at) => {
        const told = await player.update(at);
        seen(told.unfinished === true);
        return told;
      };
      return { ...rest, players: [{ ...player, update }] };
    },
  };
}

test("a fit that is stopped within its step goes on there, and ends with the same bits", async () => {
  const dataset = toDataset(shots());
  const settings = { epochs: 1, schedule: "cosine", seed: 1 } as const;
  let legs = 0;
  const model = watched(dataset, () => legs++);
  const whole = await fit(model, dataset, settings).result();
  expect(legs).toBeGreaterThan(1);
  const stop = new AbortController();
  let checkpoint: Uint8Array | undefined;
  const stopping = watched(dataset, (unfinished) => unfinished && stop.abort());
  const stopped = fit(stopping, dataset, settings, {
    signal: stop.signal,
    saveCheckpoint: async (bytes) => {
      checkpoint = bytes.slice();
    },
  });
  await expect(stopped.result()).rejects.toThrow("stopped at step 0");
  let more = 0;
  const going = watched(dataset, () => more++);
  const resumed = await fit(going, dataset, settings, { resume: checkpoint }).result();
  expect(more).toBe(legs - 1);
  expect(resumed.parameters).toEqual(whole.parameters);
});

test("closed players alone tell no work: a fit that ends by itself takes 200 epochs at most", async () => {
  const dataset = toDataset(shots());
  const model = { ...watched(dataset, () => undefined), fitOptions: () => ({ batch: 10_000 }) };
  for await (const event of fit(model, dataset, { seed: 1 })) {
    if (event.type !== "start") continue;
    expect(event.steps).toBe(200 * event.round);
    break;
  }
});

test("a fit says what its settings leave undetermined", async () => {
  const { settings, ...all } = shots();
  const few = makeMeasurements(
    {
      qubits,
      bits: all.bits.subarray(0, 3 * 4000),
      setting: all.setting.subarray(0, 4000),
      settings: settings.map(({ name }) => name),
    },
    "few",
  );
  const dataset = toDataset(few);
  const model = makeDensity({ space: dataset.space, context: dataset.contextSpace });
  const texts: string[] = [];
  for await (const event of fit(model, dataset, { epochs: 1, schedule: "cosine" }))
    if (event.type === "warning") texts.push(event.text);
  // XXX, XXY, XXZ and XYX: the strings in X and I and seven, six and six more.
  expect(texts[0]).toMatch(
    /^few: the settings are not informationally complete: 20 of 64 operators are measured, and 23 of 27 Pauli settings have no shots \(XYY, XYZ, XZX, …\)/,
  );
});
