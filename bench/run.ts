// Training steps beside PyTorch eager and JAX jit: npm run bench [-- WORDS OF A NAME] (see bench/README.md).
import { availableParallelism, cpus } from "node:os";
import { measure, median, type Result } from "./measure.ts";
import { hasPeer, pythonWith } from "./peer.ts";
import { type Workload, workloads } from "./workloads.ts";

const wanted = process.argv.slice(2).join(" ").toLowerCase();
const seconds = Number(process.env.BENCH_SECONDS ?? 1);
const clock = process.env.BENCH_CLOCK === "processor" ? "processor" : "wall";
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

const against = (process.env.BENCH_PEERS ?? "torch,jax").split(",");
const peers = against.flatMap((framework) => {
  const python = pythonWith(framework);
  if (python === undefined)
    console.log(`no Python with ${framework} found (ANSATZ_PYTHON names one): left out`);
  return python === undefined ? [] : [{ framework, python }];
});
// Processor time tells how fast one thread is; of two it would count the waiting as well.
const threads = clock === "processor" ? [1] : [...new Set([1, Math.min(2, availableParallelism())])];
console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores, node ${process.version}`);
console.log(
  `median of ${rounds} rounds of ${seconds} s of ${clock} time in turn; each at its best of ${threads.join(" or ")} threads\n`,
);

const ms = (value: number) => (value * 1000).toPrecision(3);
const spread = ({ rounds: r }: Result) => `${ms(Math.min(...r))}–${ms(Math.max(...r))}`;

console.log(
  "| workload | who | ms a step or draw | range of rounds | threads | how | ansatz ÷ it | command to first step, s | peak MB |",
);
console.log("|---|---|---|---|---|---|---|---|---|");
/** The competitor that the aim is against: of samplers of MADE and NADE JAX's, beside 20 times PyTorch's passes. */
const aimed = ({ peer, sizes }: Workload) =>
  peer !== "sampling" ? "torch" : sizes.model === "gru" ? "torch, incremental" : "jax";

for (const workload of workloads.filter((w) => w.name.toLowerCase().includes(wanted))) {
  const scripts = peers.filter(({ framework }) => hasPeer(`${workload.peer}_${framework}`));
  const results = await measure(workload, scripts, { threads, rounds, seconds, clock });
  const own = median((results[0] as Result).rounds);
  for (const r of results) {
    const time = median(r.rounds);
    const aim = r.who === aimed(workload) ? ` (aim ≤ ${workload.target.toPrecision(2)})` : "";
    const ratio = r.who === "ansatz" ? "" : `${(own / time).toFixed(2)}${aim}`;
    const cold = r.cold ? [r.cold.seconds.toFixed(2), r.cold.peakMegabytes.toFixed(0)] : ["", ""];
    const cells = [workload.name, r.who, ms(time), spread(r), r.threads, r.variant, ratio, ...cold];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
