import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fit, makeRbm } from "ansatz";
import type { Dataset } from "ansatz/data";
import { loadDataset } from "ansatz/files";
import type { RbmParameters } from "ansatz/models";
import { openRun } from "ansatz/runs";
import type { NDArray } from "ansatz/tensor";
import { type Acceptance, type SeedResult, timed } from "./acceptance.ts";
import { amplitudes } from "./amplitudes.ts";

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

/** What a fit's parameters are worth, as a result of its seed. */
function judged(
  seed: number,
  { fidelity, kl }: Distance,
  notes = "",
): Pick<SeedResult, "seed" | "result" | "notes"> {
  return { seed, result: { value: fidelity, error: Number.NaN }, notes: `KL ${kl.toFixed(4)} nats${notes}` };
}

const command = "fit rbm DATA --set hidden=10 --epochs 1000 --batch 1000 --lr 0.01 --patience 0";
/** Seconds that the whole command may take by the clock of an idle machine. */
const commandAtMost = 10;

/** Fits by the command line, from starting the program to its end; it chooses the exact gradient of 2^10 terms by itself. */
export const rbmTfim: Acceptance = {
  name: "rbm-tfim",
  summary: "RBM of 10 hidden units on QuCumber's tfim1d data: fidelity |⟨ψ|√P⟩|² with the exact ground state",
  settings: { command },
  seeds: [1, 2, 3, 4, 5],
  bar: { atLeast: 0.995 },
  async measure(seed, { file }) {
    const psi = await amplitudes(file("qucumber/tfim1d_psi.txt"));
    const folder = await mkdtemp(join(tmpdir(), "ansatz-tfim-"));
    try {
      const run = join(folder, "run");
      const words = command
        .split(" ")
        .map((word) => (word === "DATA" ? file("qucumber/tfim1d_data.txt") : word));
      const program = fileURLToPath(new URL("../bin/ansatz.js", import.meta.url));
      const began = performance.now();
      await promisify(execFile)(process.execPath, [program, ...words, "--seed", String(seed), "--out", run]);
      const wall = (performance.now() - began) / 1000;
      const { parameters } = await (await openRun(run)).fitted();
      return {
        ...judged(seed, distanceOf(parameters as RbmParameters, psi)),
        checks: [
          [
            `the whole command took ${wall.toFixed(1)} s by the clock, at most ${commandAtMost}`,
            wall <= commandAtMost,
          ],
        ],
        // What another process took of the processor is not told; of one thread it is no more than this.
        cost: { wall, processor: wall },
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

const contrastive = {
  hyperparameters: { hidden: 10, method: "cd", sweeps: 10 },
  options: { epochs: 200, batch: 100, lr: 0.003, patience: 0 },
} as const;
/** A tenth of what QuCumber's CD-10 takes to 0.9898, in seconds. */
const reachedAtMost = 11.9;

/** Contrastive divergence of ten sweeps, as QuCumber trains. */
export const rbmTfimCd: Acceptance = {
  name: "rbm-tfim-cd",
  summary: "the same trained by CD-10: fidelity, and the time until it is 0.990",
  settings: { ...contrastive.hyperparameters, ...contrastive.options },
  seeds: [1, 2, 3, 4, 5],
  bar: { atLeast: 0.99 },
  secondsAtMost: 30,
  async measure(seed, { file }) {
    const psi = await amplitudes(file("qucumber/tfim1d_psi.txt"));
    let reached: number | undefined;
    const { value: fitted, cost } = await timed(async () => {
      const dataset: Dataset = await loadDataset({ path: file("qucumber/tfim1d_data.txt") });
      const model = makeRbm({ space: dataset.space }, contrastive.hyperparameters);
      const began = process.cpuUsage();
      const events = fit(
        model,
        dataset,
        { ...contrastive.options, seed },
        {
          async picture(_, parameters) {
            if (reached !== undefined) return undefined;
            const { fidelity } = distanceOf(parameters() as RbmParameters, psi);
            const { user, system } = process.cpuUsage(began);
            if (fidelity >= 0.99) reached = (user + system) / 1e6;
            return undefined;
          },
        },
      );
      return events.result();
    });
    const distance = distanceOf(fitted.parameters, psi);
    await fitted.release();
    const first = reached === undefined ? "never at 0.990" : `0.990 after ${reached.toFixed(1)} s`;
    return {
      ...judged(seed, distance, `; ${first}`),
      checks: [[`${first}, at most ${reachedAtMost} s`, (reached ?? Infinity) <= reachedAtMost]],
      cost,
    };
  },
};
