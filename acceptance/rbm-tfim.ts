import { readFile } from "node:fs/promises";
import { finish, fit, makeRbm } from "ansatz";
import type { Dataset } from "ansatz/data";
import { loadDataset } from "ansatz/files";
import type { RbmOptions, RbmParameters } from "ansatz/models";
import type { NDArray } from "ansatz/tensor";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, type SeedResult, timed } from "./acceptance.ts";

/** How far a fitted RBM is from a wave function of positive amplitudes ψ. */
interface Distance {
  /** |⟨ψ|√P⟩|². */
  readonly fidelity: number;
  /** KL(ψ²‖P), nats. */
  readonly kl: number;
}

/** The exact distance by plain loops over all configurations, site 0 the most significant bit. */
function distanceOf({ visible, hidden, weight }: RbmParameters, psi: readonly number[]): Distance {
  const b = visible.bias as NDArray<"f32">;
  const c = hidden.bias;
  const [n, units] = [b.data.length, c.data.length];
  const logs = psi.map((_, state) => {
    let log = 0;
    const input = Float64Array.from(c.data);
    for (let i = 0; i < n; i++)
      if (((state >> (n - 1 - i)) & 1) === 1) {
        log += b.data[i] as number;
        for (let j = 0; j < units; j++) (input[j] as number) += weight.data[i * units + j] as number;
      }
    return input.reduce((sum, a) => sum + Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))), log);
  });
  const most = Math.max(...logs);
  const logZ = most + Math.log(logs.reduce((sum, w) => sum + Math.exp(w - most), 0));
  let [overlap, kl] = [0, 0];
  psi.forEach((amplitude, i) => {
    const logP = (logs[i] as number) - logZ;
    overlap += Math.abs(amplitude) * Math.exp(logP / 2);
    if (amplitude !== 0) kl += amplitude ** 2 * (2 * Math.log(Math.abs(amplitude)) - logP);
  });
  return { fidelity: overlap ** 2, kl };
}

async function amplitudes(path: string): Promise<number[]> {
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  return lines.map((line) => Number(line.trim().split(/\s+/)[0]));
}

/** An RBM of ten hidden units on measurements of the ten-site transverse-field Ising chain. */
function tfim(
  name: string,
  summary: string,
  hyperparameters: RbmOptions,
  options: FitOptions,
  bar: number,
  secondsAtMost: number,
  reachedWithin?: number,
): Acceptance {
  return {
    name,
    summary,
    settings: { ...hyperparameters, ...options },
    seeds: [1, 2, 3, 4, 5],
    bar: { atLeast: bar },
    secondsAtMost,
    async measure(seed, { file }) {
      const psi = await amplitudes(file("qucumber/tfim1d_psi.txt"));
      const { value, cost } = await timed(async () => {
        const dataset: Dataset = await loadDataset({ path: file("qucumber/tfim1d_data.txt") });
        const model = makeRbm({ space: dataset.space, contextSize: 0 }, hyperparameters);
        let reached: number | undefined;
        const began = process.cpuUsage();
        const fitted = await finish(
          fit(
            model,
            dataset,
            { ...options, seed },
            {
              async afterEpoch(_, parameters) {
                if (reached !== undefined) return;
                const { fidelity } = distanceOf(parameters() as RbmParameters, psi);
                const { user, system } = process.cpuUsage(began);
                if (fidelity >= 0.99) reached = (user + system) / 1e6;
              },
            },
          ),
        );
        return { fitted, reached };
      });
      const { fidelity, kl } = distanceOf(value.fitted.parameters, psi);
      await value.fitted.release();
      const first =
        value.reached === undefined ? "never at 0.990" : `0.990 after ${value.reached.toFixed(1)} s`;
      const checks: SeedResult["checks"] =
        reachedWithin === undefined
          ? undefined
          : [[`${first}, at most ${reachedWithin} s`, (value.reached ?? Infinity) <= reachedWithin]];
      return {
        seed,
        result: { value: fidelity, error: Number.NaN },
        notes: `KL ${kl.toFixed(4)} nats; ${first}`,
        ...(checks && { checks }),
        cost,
      };
    },
  };
}

/** The exact gradient, which a model of 2^10 terms chooses by itself. */
export const rbmTfim = tfim(
  "rbm-tfim",
  "RBM of 10 hidden units on QuCumber's tfim1d data: fidelity |⟨ψ|√P⟩|² with the exact ground state",
  { hidden: 10 },
  { epochs: 1000, batch: 1000, lr: 0.01, patience: 0 },
  0.995,
  10,
);

/** Contrastive divergence of ten sweeps, as QuCumber trains. */
export const rbmTfimCd = tfim(
  "rbm-tfim-cd",
  "the same trained by CD-10: fidelity, and the time until it is 0.990",
  { hidden: 10, method: "cd", sweeps: 10 },
  { epochs: 200, batch: 100, lr: 0.003, patience: 0 },
  0.99,
  30,
  // A tenth of what QuCumber's CD-10 takes to 0.9898.
  11.9,
);
