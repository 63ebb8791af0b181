import { readFile } from "node:fs/promises";
import { createSystem, FittedExact, fit, makeDataset, type NDArray, score, simulate } from "ansatz";
import { compareObservables, partRows } from "ansatz/evaluate";
import { createModel, fittingDefaults } from "ansatz/models";
import type { Estimate } from "ansatz/stats";
import { ownSymmetries } from "ansatz/train";
import { unzipSync } from "fflate";
import type { Acceptance } from "./acceptance.ts";
import { defaults, fitted } from "./defaults.ts";

/** The last detuning of 24 of an array of 16×16 atoms: 500 shots. */
const rydberg = (family: string, bar: number): Acceptance =>
  defaults({
    name: `rydberg-${family}`,
    summary: `${family} on 500 shots of 16×16 atoms, reflections and rotations: test NLL per site, nats`,
    bar: { atMost: bar },
    async measure(seed, { file }) {
      const name = file("rydberg/KZ_data_16x16_21_MHz_per_us.npz");
      const x = lastDetuning(await readFile(name));
      const dataset = makeDataset({ arrays: { x } }, name, {
        seed,
      });
      const { model, notes, cost } = await fitted(
        family,
        dataset,
        seed,
        {},
        { augment: ["reflections", "rotations"] },
      );
      if (!(model instanceof FittedExact)) throw new Error(`${family} has no exact likelihood`);
      const { nllPerSite } = await score(model, dataset, { part: "test" });
      await model.release();
      return { result: nllPerSite, notes, cost };
    },
  });

/** Rows [shot, 16, 16] of the file's array of bytes [16, 16, detuning, shot]. */
function lastDetuning(file: Uint8Array): NDArray {
  const [sites, detunings, shots] = [256, 24, 500];
  const entry = unzipSync(file)["rydberg_data.npy"];
  const data = entry?.subarray(entry.length - sites * detunings * shots) ?? new Uint8Array();
  const x = new Uint8Array(shots * sites);
  for (let site = 0; site < sites; site++)
    for (let shot = 0; shot < shots; shot++)
      x[shot * sites + site] = data[(site * detunings + detunings - 1) * shots + shot] as number;
  return { dtype: "u8", shape: [shots, 16, 16], data: x };
}

const phi4 = defaults({
  name: "phi4-lattice-flow",
  summary:
    "lattice-flow on 20,000 rows of φ⁴ 8×8 by HMC: largest deviation of action and χ₂ of 20,000 samples, σ",
  bar: { atMost: 2 },
  async measure(seed) {
    const system = createSystem("phi4", { shape: [8, 8], mass2: -4, lambda: 8 });
    const { dataset } = await simulate(system, { samples: 20_000, seed });
    const reference = await simulate(system, { samples: 100_000, seed: seed + 1000 });
    const { model, notes, cost } = await fitted("lattice-flow", dataset, seed);
    if (!(model instanceof FittedExact)) throw new Error("a flow has an exact likelihood");
    const { x: samples } = await model.sample(20_000, { seed });
    const compared = compareObservables({ samples, system, data: partRows(reference.dataset, "all") });
    await model.release();
    const named = compared.filter(({ name }) => ["energy", "susceptibility"].includes(name));
    const deviations = named.map(({ name, deviation }) => `${name} ${deviation?.sigmas.toFixed(2)} σ`);
    const largest = Math.max(...named.map(({ deviation }) => Math.abs(deviation?.sigmas ?? Number.NaN)));
    return {
      result: { value: largest, error: Number.NaN },
      notes: `${deviations.join(", ")}; ${notes}`,
      cost,
    };
  },
});

/** KL of a fit without options over that of one by hand: the same symmetries, 100 epochs of a falling rate, the better of two rates. */
const besideTuned = (
  system: string,
  parameters: Readonly<Record<string, unknown>>,
  family: string,
  rates: readonly number[],
): Acceptance =>
  defaults({
    name: `${system}-${family}`,
    summary: `${family} on 20,000 rows of ${system}: KL of a fit without options over that of one tuned by hand`,
    bar: { atMost: 1.5 },
    async measure(seed) {
      const source = createSystem(system, parameters);
      const { dataset } = await simulate(source, { samples: 20_000, seed });
      const fresh = await simulate(source, { samples: 50_000, seed: seed + 1000 });
      const { model, notes, cost } = await fitted(family, dataset, seed);
      const own = await kl(model as FittedExact, fresh.dataset);
      const byHand: { rate: number; found: Estimate }[] = [];
      for (const lr of rates) {
        const suited = fittingDefaults(family, ownSymmetries(dataset).used);
        const definition = createModel(family, { space: dataset.space }, suited);
        const options = { schedule: "cosine", epochs: 100, lr, seed } as const;
        const tuned = await fit(definition, dataset, options).result();
        byHand.push({ rate: lr, found: await kl(tuned as FittedExact, fresh.dataset) });
      }
      const [best] = byHand.sort((a, b) => a.found.value - b.found.value) as [(typeof byHand)[number]];
      const error = Math.hypot(own.error / own.value, best.found.error / best.found.value);
      const ratio = own.value / best.found.value;
      const said = `KL ${own.value.toFixed(5)} ± ${own.error.toFixed(5)}; by hand, rate ${best.rate}, ${best.found.value.toFixed(5)}`;
      return { result: { value: ratio, error: ratio * error }, notes: `${said}; ${notes}`, cost };
    },
  });

async function kl(model: FittedExact, dataset: Parameters<typeof score>[1]): Promise<Estimate> {
  const found = await score(model, dataset, { part: "all" });
  await model.release();
  return found.kl as Estimate;
}

const potts = (family: string, rates: readonly number[]) =>
  besideTuned("potts", { shape: [4, 4], q: 3, beta: 0.8 }, family, rates);

/** Fits without options of data of one's own, and of systems for which no number is published. */
export const withDefaultsOwn: readonly Acceptance[] = [
  rydberg("made", 0.37),
  rydberg("nade", 0.375),
  rydberg("rnn", 0.35),
  rydberg("pixelcnn", 0.35),
  phi4,
  potts("made", [1e-3, 3e-3]),
  potts("nade", [1e-3, 3e-3]),
  potts("rnn", [1e-3, 4e-3]),
  potts("pixelcnn", [1e-3, 3e-3]),
  potts("transformer", [1e-3, 3e-3]),
  besideTuned("xy", { shape: [16], beta: 1 }, "spline", [5e-4, 2e-3]),
];
