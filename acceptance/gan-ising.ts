import { createModel, createSystem, fit, makeMade, type NDArray, simulate } from "ansatz";
import { compareObservables, partRows, twoPoint } from "ansatz/evaluate";
import type { FittedImplicit } from "ansatz/models";
import { type Estimate, formatEstimate } from "ansatz/stats";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";

/** Rows fitted to, and samples that are looked at. */
const [rows, drawn] = [20_000, 10_000];
/** Dense players, which learn what convolutional ones of a like cost do not. */
const model = { hidden: [256, 256], r1: 1 };
const options: FitOptions = {
  ...{ epochs: 60, batch: 64, lr: 1e-3, schedule: "cosine", patience: 0, average: 0.999 },
  augment: ["translations", "reflections", "rotations", "flip"],
};

/** The share of rows that another one before is equal to. */
function duplicates({ data, shape }: NDArray): Estimate {
  const count = shape[0] as number;
  const sites = data.length / count;
  const values = Float32Array.from(data as Float32Array);
  const seen = new Set<string>();
  for (let row = 0; row < count; row++)
    seen.add(Array.from(values.subarray(row * sites, (row + 1) * sites)).join(""));
  const value = 1 - seen.size / count;
  return { value, error: Math.sqrt((value * (1 - value)) / count) };
}

/** Three numbers that an implicit model can be held to: energy, |m| and G(1), all exact but the last; and its duplicates. */
export const ganIsing: Acceptance = {
  name: "gan-ising",
  summary: "2D Ising model, 8×8, critical: energy of samples of a gan over the exact one",
  settings: { rows, ...model, ...options },
  seeds: [1],
  async measure(seed, { print }) {
    const system = createSystem("ising", { shape: [8, 8], beta: "critical" });
    const { dataset } = await simulate(system, { samples: rows, seed });
    const fresh = await simulate(system, { samples: drawn, seed: seed + 1000 });
    const all = partRows(dataset, "all");
    const twice = duplicates(fresh.dataset.x);

    /** Names and ratios to what is right. */
    function told(who: string, x: NDArray) {
      const found = new Map<string, Estimate>();
      for (const { name, model: own, reference } of compareObservables({
        ...{ samples: x, system, data: all, space: dataset.space },
      })) {
        const right = reference?.value ?? Number.NaN;
        if (name === "energy" || name === "absMagnetisation")
          found.set(name, { value: own.value / right, error: own.error / Math.abs(right) });
      }
      const [ours, theirs] = [twoPoint(system, { x })?.[1], twoPoint(system, all)?.[1]];
      if (ours && theirs)
        found.set("G(1)", { value: ours.value / theirs.value, error: ours.error / theirs.value });
      const own = duplicates(x);
      const ratios = [...found].map(([name, ratio]) => `${name} ${formatEstimate(ratio)}`).join(", ");
      print(
        `  ${who}: ${ratios} of the right ones; duplicates ${formatEstimate(own)} (real ${formatEstimate(twice)})`,
      );
      return { found, own };
    }

    const { value: fitted, cost } = await timed(
      () =>
        fit(createModel("gan", { space: dataset.space }, model), dataset, {
          ...options,
          seed,
        }).result() as Promise<FittedImplicit>,
    );
    const { found, own } = told("gan", (await fitted.sample(drawn, { seed })).x);
    await fitted.release();
    const made = await fit(makeMade({ space: dataset.space }), dataset, { seed }).result();
    told("made", (await made.sample(drawn, { seed })).x);
    await made.release();
    const off = Math.abs(own.value - twice.value) / Math.hypot(own.error, twice.error);
    return {
      ...{ seed, cost, result: found.get("energy") as Estimate },
      checks: [
        ...[...found].map(([name, { value }]): [string, boolean] => [
          `${name} within 3 %: ${value.toFixed(3)}`,
          Math.abs(value - 1) <= 0.03,
        ]),
        [`share of duplicates within 2 σ of real rows': ${off.toFixed(1)} σ`, off <= 2],
      ],
    };
  },
};
