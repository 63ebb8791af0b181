// Monte Carlo kernels: attempted updates a nanosecond, beside the same algorithm in C: npm run bench:monte-carlo [-- spins wolff threads]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSystem, simulateTemperatures } from "ansatz/systems";
import { LatticeChains } from "../src/kernels/lattice.ts";
import { lanes, MultiSpin, multiSpinSeedWords, type SpinRule } from "../src/kernels/multispin.ts";
import { bits } from "../src/random/bits.ts";
import { Key } from "../src/random/key.ts";
import { squareCriticalBeta } from "../src/systems/ising/critical.ts";
import { type LatticeKind, periodicLattice } from "../src/systems/ising/lattice.ts";
import { sweepOrder } from "../src/systems/monte-carlo/single-spins.ts";
import { median } from "./measure.ts";

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const seed = bits(Key.fromSeed(1), multiSpinSeedWords);

/** Seconds of processor time, which tell how fast one thread is on a machine that others use. */
function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

function report(name: string, unit: string, rates: readonly number[], more = ""): number {
  const middle = median(rates);
  const text = (rate: number) => rate.toPrecision(3);
  row(name, `${text(middle)} ${unit}`, `${text(Math.min(...rates))}–${text(Math.max(...rates))}`, more);
  return middle;
}

/** Attempted flips a nanosecond of 128 replicas, and a checksum of where they ended. */
function multiSpin(
  shape: readonly number[],
  kind: LatticeKind,
  beta: number,
  rule: SpinRule,
  sweeps: number,
) {
  const lattice = periodicLattice(shape, kind);
  const { neighbours, sites } = lattice;
  const options = { degree: neighbours.length / sites, neighbours, order: sweepOrder(lattice), seed };
  // The engine puts optimised code in place between calls: many short ones see to that.
  const warm = new MultiSpin({ ...options, couplings: [beta], rule });
  for (let call = 0; call < 200; call++) warm.sweep(0, Math.ceil(sweeps / 200));
  const spins = new MultiSpin({ ...options, couplings: [beta], rule });
  const rates = Array.from(
    { length: rounds },
    () => (sweeps * sites * lanes) / processorSeconds(() => spins.sweep(0, sweeps)) / 1e9,
  );
  let sum = 1469598103934665603n;
  const words = spins.save();
  const view = new Uint32Array(words.buffer, 4 * multiSpinSeedWords);
  for (const word of view) sum = BigInt.asUintN(64, (sum ^ BigInt(word)) * 1099511628211n);
  return { rates: rates.slice(1), checksum: sum.toString(16).padStart(16, "0") };
}

/** The same in C, by a compiler that is there; undefined where there is none. */
function native(side: number, beta: number, sweeps: number, flags: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "ansatz-bench-"));
  try {
    const source = fileURLToPath(new URL("peers/multispin.c", import.meta.url));
    const program = join(folder, "multispin");
    const compiler = ["cc", "gcc", "clang"].find(
      (name) => spawnSync(name, ["-O3", ...flags, source, "-o", program, "-lm"]).status === 0,
    );
    if (compiler === undefined) return undefined;
    const words = Array.from(seed, (word) => word.toString(16));
    const { stdout } = spawnSync(program, [side, sweeps, beta, rounds, ...words].map(String), {
      encoding: "utf8",
    });
    const lines = stdout.trim().split("\n");
    return {
      how: `${compiler} -O3 ${flags.join(" ")}`.trim(),
      rates: lines.slice(1, -1).map((line) => 1 / Number(line)),
      checksum: lines.at(-1) ?? "",
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Sites of Wolff's clusters a nanosecond, at the critical point. */
function clusters(side: number, work: number): number[] {
  const { neighbours, sites } = periodicLattice([side, side]);
  const chains = new LatticeChains({ degree: 4, neighbours, bytes: 1, seeds: [seed] });
  const probability = -Math.expm1(-2 * squareCriticalBeta);
  return Array.from({ length: rounds }, () => {
    let flipped = 0;
    const seconds = processorSeconds(() => {
      while (flipped < work * sites) flipped += chains.wolff(0, 8, probability, 2);
    });
    return flipped / seconds / 1e9;
  }).slice(1);
}

/** Seconds on the wall and of the processor of two blocks of 128 replicas, as a simulation does them. */
async function blocks(threads: number): Promise<{ wall: number; processor: number }> {
  const system = createSystem("ising", { shape: [64, 64], beta: 0.4 });
  const began = performance.now();
  const before = process.cpuUsage();
  await simulateTemperatures([system], {
    ...{ samples: 256, chains: 256, algorithm: "metropolis", thinning: 40_000, burnIn: 0, threads },
  });
  const { user, system: kernel } = process.cpuUsage(before);
  return { wall: (performance.now() - began) / 1000, processor: (user + kernel) / 1e6 };
}

/** Single spins of 128 replicas, beside the same in C. */
function spins(): void {
  const own = multiSpin([64, 64], "square", 0.4, "metropolis", 2000);
  const rate = report("multi-spin Metropolis, 64×64, β = 0.4", "flips/ns", own.rates);
  for (const flags of [["-march=native"], []]) {
    const peer = native(64, 0.4, 2000, flags);
    if (!peer) {
      row("the same in C", "", "", "no C compiler found");
      break;
    }
    if (peer.checksum !== own.checksum)
      throw new Error(`C ended at ${peer.checksum}, the kernel at ${own.checksum}: they do not do the same`);
    const ratio = (rate / median(peer.rates)).toFixed(2);
    report("the same in C, to the same spins", "flips/ns", peer.rates, `${peer.how}; kernel ÷ it ${ratio}`);
  }
  for (const [name, shape, kind, beta, rule, sweeps] of [
    ["heat bath, 64×64, β = 0.4", [64, 64], "square", 0.4, "heat-bath", 2000],
    ["Metropolis, triangular 64×64, β = 0.25", [64, 64], "triangular", 0.25, "metropolis", 2000],
    ["Metropolis, cubic 16×16×16, β = 0.2", [16, 16, 16], "square", 0.2, "metropolis", 2000],
    ["Metropolis, 1024×1024, β = 0.4", [1024, 1024], "square", 0.4, "metropolis", 10],
  ] as const)
    report(`multi-spin ${name}`, "flips/ns", multiSpin(shape, kind, beta, rule, sweeps).rates);
}

/** Wolff's clusters at the critical point. */
function wolff(): void {
  for (const side of [64, 256, 1024])
    report(`Wolff, ${side}×${side}, β_c`, "cluster sites/ns", clusters(side, side === 1024 ? 10 : 400));
}

/** A whole simulation on two threads beside the same on one. */
async function threads(): Promise<void> {
  const pairs: { one: Awaited<ReturnType<typeof blocks>>; two: Awaited<ReturnType<typeof blocks>> }[] = [];
  for (let n = 0; n < 3; n++) pairs.push({ one: await blocks(1), two: await blocks(2) });
  report(
    "two threads over one, 2 × 128 replicas",
    "×",
    pairs.map(({ one, two }) => one.wall / two.wall),
    "time on the wall of a whole simulation, the start of workers included",
  );
  report(
    "the same, processor time",
    "×",
    pairs.map(({ one, two }) => two.processor / one.processor),
    "what two threads take more: on idle cores they are 2 ÷ it as fast",
  );
}

console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores, node ${process.version}`);
console.log(`median and range of ${rounds - 1} rounds of processor time on one thread\n`);
row("what", "rate", "range", "");
row("---", "---", "---", "---");
const parts = { spins, wolff, threads };
const wanted = process.argv.slice(2);
for (const [name, part] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) await part();
console.log(`\npeak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
