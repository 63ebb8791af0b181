// Claims about the product, measured on real data and over several seeds: npm run acceptance -- NAME [--data FOLDER] [--seeds 0,1]
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Estimate, formatEstimate } from "ansatz";
import { independentMean } from "ansatz/stats";
import type { Acceptance, SeedResult } from "./acceptance.ts";

import { ais } from "./ais.ts";
import { coverageBounds } from "./coverage/bounds.ts";
import { coverageExplain } from "./coverage/explain.ts";
import { coverageFill } from "./coverage/fill.ts";
import { coverageJudge } from "./coverage/judge.ts";
import { coverageScore } from "./coverage/score.ts";
import { coverageSimulate } from "./coverage/simulate.ts";
import { coverageSolve } from "./coverage/solve.ts";
import { withDefaults } from "./defaults.ts";
import { withDefaultsOwn } from "./defaults-own.ts";
import { dna } from "./dna.ts";
import { explainGlass, explainIsing, explainMade } from "./explain.ts";
import { phi4, u1 } from "./fields.ts";
import { flowMatching } from "./flow-matching.ts";
import { flowMatchingPhi4 } from "./flow-matching-phi4.ts";
import { flowMatchingPictures } from "./flow-matching-pictures.ts";
import { flowsPlane } from "./flows-plane.ts";
import { adversarial } from "./gan.ts";
import { ganIsing } from "./gan-ising.ts";
import { adversarialPictures } from "./gan-pictures.ts";
import { hmcPhi4, hmcU1 } from "./hmc.ts";
import { ising16Kl, isingKl } from "./ising-kl.ts";
import { judging } from "./judge.ts";
import { largeVocabulary } from "./large-vocabulary.ts";
import { madeMnist } from "./made-mnist.ts";
import { monteCarlo } from "./monte-carlo.ts";
import { nadeMnist } from "./nade-mnist.ts";
import { nltcs } from "./nltcs.ts";
import { pixelcnnMnist } from "./pixelcnn-mnist.ts";
import { plants } from "./plants.ts";
import { rbmMnist } from "./rbm-mnist.ts";
import { rbmTfim, rbmTfimCd } from "./rbm-tfim.ts";
import { solveIsing, solveSk, solveTriangular } from "./solve.ts";
import { tomographyHeldOut } from "./tomography/held-out.ts";
import { tomographyReal } from "./tomography/real.ts";
import { tomographySimulated } from "./tomography/simulated.ts";
import { tomographyWave } from "./tomography/wave.ts";
import { vaeIsing } from "./vae-ising.ts";
import { vaeMnist } from "./vae-mnist.ts";

const runs: readonly Acceptance[] = [
  nltcs,
  plants,
  dna,
  isingKl,
  ising16Kl,
  largeVocabulary,
  madeMnist,
  monteCarlo,
  nadeMnist,
  pixelcnnMnist,
  vaeMnist,
  solveIsing,
  solveTriangular,
  solveSk,
  ...flowsPlane,
  ...flowMatching,
  ...flowMatchingPictures,
  flowMatchingPhi4,
  ...judging,
  ...withDefaults,
  ...withDefaultsOwn,
  explainIsing,
  explainGlass,
  explainMade,
  phi4,
  u1,
  hmcPhi4,
  hmcU1,
  ais,
  coverageSimulate,
  coverageScore,
  coverageJudge,
  coverageSolve,
  coverageExplain,
  coverageFill,
  coverageBounds,
  rbmMnist,
  rbmTfim,
  rbmTfimCd,
  ...tomographyReal,
  ...tomographySimulated,
  ...tomographyWave,
  ...tomographyHeldOut,
  vaeIsing,
  ...adversarial,
  ganIsing,
  ...adversarialPictures,
];

/** A line for the user, without a stack. */
class Complaint extends Error {}

function dataFolder(given: string | undefined): string {
  const beside = fileURLToPath(new URL("../../shared/data", import.meta.url));
  const folder = given ?? process.env.ANSATZ_DATA ?? (existsSync(beside) ? beside : undefined);
  if (folder === undefined)
    throw new Complaint(
      "no data folder: give --data FOLDER or set ANSATZ_DATA (docs/results.md says what goes in it)",
    );
  if (!existsSync(folder)) throw new Complaint(`the data folder ${folder} does not exist`);
  return folder;
}

/** Measures one claim over its seeds; false where it fails its bar. */
async function accept(run: Acceptance, data: string | undefined, seeds = run.seeds): Promise<boolean> {
  const print = (line: string) => console.log(line);
  const file = (name: string) => {
    const path = join(dataFolder(data), name);
    if (!existsSync(path)) throw new Complaint(`${run.name} needs ${path}, which does not exist`);
    return path;
  };
  print(`# ${run.summary}`);
  print(`settings: ${settingsText(run.settings)}`);
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    const done = await run.measure(seed, { file, print });
    results.push(done);
    const { result, notes, cost } = done;
    print(
      `seed ${seed}: ${formatEstimate(result)}${notes ? `, ${notes}` : ""}, ` +
        `fitted in ${cost.wall.toFixed(0)} s (${cost.processor.toFixed(0)} s of the processor)`,
    );
  }
  return verdict(run, results, print);
}

function verdict(run: Acceptance, results: readonly SeedResult[], print: (line: string) => void): boolean {
  const mean: Estimate = independentMean(results.map(({ result }) => result.value));
  const [only] = results;
  if (results.length > 1) print(`mean of ${results.length} seeds: ${formatEstimate(mean)}`);
  else if (only) print(`one seed: ${formatEstimate(only.result)}`);
  const { atLeast, atMost } = run.bar ?? {};
  const bars: (readonly [text: string, held: boolean])[] = results.flatMap(({ seed, checks = [] }) =>
    checks.map(([text, held]) => [`seed ${seed}: ${text}`, held] as const),
  );
  if (atLeast !== undefined) bars.push([`at least ${atLeast}`, mean.value >= atLeast]);
  if (atMost !== undefined) bars.push([`at most ${atMost}`, mean.value <= atMost]);
  if (run.secondsAtMost !== undefined) {
    const longest = Math.max(...results.map(({ cost }) => cost.processor));
    bars.push([`each fit at most ${run.secondsAtMost} s of the processor`, longest <= run.secondsAtMost]);
  }
  for (const [text, held] of bars) print(`bar: ${text}: ${held ? "pass" : "FAIL"}`);
  if (bars.length === 0) print("no bar: this run informs");
  return bars.every(([, held]) => held);
}

const settingsText = (settings: Acceptance["settings"]): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join("+") : String(value)}`)
    .join(", ") || "defaults";

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { data: { type: "string" }, seeds: { type: "string" } },
    allowPositionals: true,
  });
  const names = runs.map(({ name }) => name);
  // A name stands for all runs that it begins: solve for solve-ising and the others.
  const asked = (name: string) =>
    positionals.some((given) => given === "all" || given === name || name.startsWith(`${given}-`));
  const unknown = positionals.find(
    (given) => given !== "all" && !names.some((n) => `${n}-`.startsWith(`${given}-`)),
  );
  if (unknown !== undefined)
    throw new Complaint(`there is no run '${unknown}' (there are ${names.join(", ")}, all)`);
  if (positionals.length === 0) {
    console.log(
      "npm run acceptance -- NAME... [--data FOLDER] [--seeds 0,1], where NAME is all, one of these, or what several begin with",
    );
    for (const { name, summary } of runs) console.log(`  ${name.padEnd(24)} ${summary}`);
    return 2;
  }
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, node ${process.version}`);
  const seeds = values.seeds?.split(",").map(Number);
  let failed = 0;
  for (const run of runs) if (asked(run.name) && !(await accept(run, values.data, seeds))) failed++;
  return failed > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Complaint)) throw error;
  console.error(`acceptance: ${error.message}`);
  process.exitCode = 2;
}
