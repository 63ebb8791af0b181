// Fits a MADE to the rows of a file of your own: node scripts/run.js examples/own-data.ts [FILE]
// Without a file it writes one: chains of 12 spins, −1 or +1, each equal to its left neighbour with probability 0.8,
// so that the entropy, which no model beats on average, is known.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit, formatEstimate, Key, makeMade, score } from "ansatz";
import { loadDataset } from "ansatz/files";
import { uniform } from "ansatz/random";

const [, , given] = process.argv;
const folder = await mkdtemp(join(tmpdir(), "ansatz-"));
const path = given ?? join(folder, "chains.csv");
if (given === undefined) {
  const u = uniform(Key.fromSeed(0), 5000 * 12, "f32");
  const rows = Array.from({ length: 5000 }, (_, row) => {
    let spin = 1;
    return Array.from({ length: 12 }, (_, i) => {
      if ((u[row * 12 + i] as number) < (i === 0 ? 0.5 : 0.2)) spin = -spin;
      return spin;
    }).join(",");
  });
  await writeFile(path, `${rows.join("\n")}\n`);
}

const dataset = await loadDataset({ path }, { seed: 1 });
const { train, valid, test, how } = dataset.splits;
console.log(
  `${dataset.x.shape[0]} rows: ${train.length} to train, ${valid.length} to validate, ${test.length} to test (${how})`,
);
console.log(`space: ${dataset.space.kind}; the file writes it as ${dataset.encoding}`);

const made = makeMade({ space: dataset.space }, { hidden: 32 });
const model = await fit(made, dataset, { epochs: 20, lr: 5e-3, seed: 1 }).result();
const { nll } = await score(model, dataset);
console.log(`test NLL ${formatEstimate(nll)} nats a row`);
if (given === undefined) {
  const entropy = Math.log(2) - 11 * (0.8 * Math.log(0.8) + 0.2 * Math.log(0.2));
  console.log(`exact entropy ${entropy.toFixed(3)} nats a row`);
}
await model.release();
await rm(folder, { recursive: true });
