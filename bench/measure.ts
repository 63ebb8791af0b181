import { Bench } from "tinybench";
import { type ColdStart, ourColdStart, peerColdStart } from "./cold.ts";
import { type Answer, Peer } from "./peer.ts";
import { isDraw, type Ours, ours, type Workload } from "./workloads.ts";

/** One competitor's result on one workload, at its best number of threads. */
export interface Result {
  readonly who: string;
  readonly threads: number;
  /** What ran: steps a call, or the peer's variant. */
  readonly variant: string;
  /** Seconds a step, one median a round. */
  readonly rounds: readonly number[];
  /** Undefined for a model that only the benchmark has. */
  readonly cold: ColdStart | undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Time on the wall, or the processor's: that of one thread alone says what is fast on a machine that others use. */
export type Clock = "wall" | "processor";

/** Something whose blocks can be timed in turn with others'. */
interface Competitor {
  readonly who: string;
  readonly threads: number;
  readonly variant: string;
  /** Median seconds a step over a block of about `seconds`; of processor time a mean. */
  block(seconds: number, clock: Clock): Promise<number>;
  cold(): Promise<ColdStart | undefined>;
  stop(): Promise<void>;
}

async function ourCompetitor(workload: Workload, threads: number, chunk: number): Promise<Competitor> {
  const run = await ours(workload, threads, chunk);
  return {
    who: "ansatz",
    threads,
    variant: isDraw(workload) ? "samples" : chunk === 1 ? "one step a call" : `${chunk} steps a call`,
    async block(seconds, clock) {
      if (clock === "processor") return processorTime(run, seconds);
      const bench = new Bench({ time: seconds * 1000, warmup: false });
      bench.add(workload.name, run.call);
      const [task] = await bench.run();
      const result = task?.result;
      if (result?.state !== "completed") throw new Error(`${workload.name} did not run`);
      return result.latency.p50 / 1000 / run.steps;
    },
    cold: async () => (workload.peer === "made" ? ourColdStart(workload) : undefined),
    stop: run.release,
  };
}

/** Seconds of processor time a step, over calls for about `seconds` of it. */
async function processorTime(run: Ours, seconds: number): Promise<number> {
  const began = process.cpuUsage();
  let calls = 0;
  for (;;) {
    await run.call();
    calls++;
    const { user, system } = process.cpuUsage(began);
    const used = (user + system) / 1e6;
    if (used >= seconds) return used / calls / run.steps;
  }
}

async function peerCompetitor(
  workload: Workload,
  framework: string,
  python: string,
  threads: number,
  form?: string,
): Promise<Competitor> {
  const peer = new Peer(python, `${workload.peer}_${framework}`, threads);
  // Passes from the start cost the same for each row: a tenth of them tells the time of all.
  const part = form === "passes" ? 10 : 1;
  const sizes = part > 1 ? { ...workload.sizes, rows: Number(workload.sizes.rows) / part } : workload.sizes;
  const request = { workload: sizes, threads };
  const first = await peer.ask({ ...request, steps: isDraw(workload) ? 1 : 3, form });
  let last: Answer = first;
  return {
    who: form ? `${framework}, ${form}` : framework,
    threads,
    variant: part > 1 ? `${first.variant}, ${part} times a draw of ${sizes.rows}` : first.variant,
    async block(seconds, clock) {
      const guess = Math.min(...last.seconds_per_step);
      // What takes many times the length of a block is measured once.
      if (guess > 10 * seconds) return part * guess;
      const slow = guess > seconds / 3;
      const steps = slow ? 1 : Math.max(3, Math.round(seconds / 5 / guess));
      last = await peer.ask({ ...request, variant: first.variant, steps, blocks: slow ? 1 : 5, clock });
      return part * median(last.seconds_per_step);
    },
    cold: async () =>
      part > 1
        ? undefined
        : peerColdStart(python, `${workload.peer}_${framework}`, workload, threads, first.variant),
    stop: async () => peer.stop(),
  };
}

/** The kinds of variants that are competitors of their own: PyTorch's samplers from the start, and incremental ones. */
function formsOf({ peer, sizes }: Workload, framework: string): (string | undefined)[] {
  if (peer !== "sampling" || framework !== "torch") return [undefined];
  return sizes.model === "gru" ? ["incremental"] : ["passes", "incremental"];
}

/** Every competitor at every thread count on one workload, block by block in turn, `rounds` times. */
export async function measure(
  workload: Workload,
  peers: readonly { framework: string; python: string }[],
  options: { threads: readonly number[]; rounds: number; seconds: number; clock: Clock },
): Promise<Result[]> {
  const competitors: Competitor[] = [];
  const tell = (what: string) => console.error(`${workload.name}: ${what}`);
  for (const threads of options.threads) {
    const chunks = isDraw(workload) ? [1] : [1, 32];
    for (const chunk of chunks) competitors.push(await ourCompetitor(workload, threads, chunk));
    for (const { framework, python } of peers)
      for (const form of formsOf(workload, framework)) {
        tell(`${framework} ${form ?? ""} chooses its fastest variant for ${threads} threads`);
        competitors.push(await peerCompetitor(workload, framework, python, threads, form));
      }
  }
  const times = competitors.map((): number[] => []);
  for (let round = 0; round <= options.rounds; round++) {
    tell(`round ${round} of ${options.rounds}`);
    for (const [i, competitor] of competitors.entries()) {
      const time = await competitor.block(options.seconds, options.clock);
      // The first round warms caches and allocators.
      if (round > 0) times[i]?.push(time);
    }
  }
  for (const competitor of competitors) await competitor.stop();
  // Each at its best setting.
  const results: Result[] = [];
  for (const who of new Set(competitors.map((c) => c.who))) {
    const own = competitors
      .map((competitor, i) => ({ competitor, rounds: times[i] as number[] }))
      .filter(({ competitor }) => competitor.who === who)
      .sort((a, b) => median(a.rounds) - median(b.rounds));
    const { competitor, rounds } = own[0] as (typeof own)[number];
    const { threads, variant } = competitor;
    results.push({ who, threads, variant, rounds, cold: await competitor.cold() });
  }
  return results;
}
