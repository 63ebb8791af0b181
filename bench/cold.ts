import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Peer } from "./peer.ts";
import type { Workload } from "./workloads.ts";

/** From the command to the end of the first training step, in a fresh process. */
export interface ColdStart {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const program = `
import { readFileSync } from "node:fs";
import { binary, fit, makeDataset, makeMade } from "ansatz";
const { sites, hidden, batch } = JSON.parse(process.argv[1]);
const rows = 2 * batch + 20;
const data = Uint8Array.from({ length: rows * sites }, (_, i) => (i * 2654435761) >>> 31);
const dataset = makeDataset({ arrays: { x: { dtype: "u8", shape: [rows, sites], data } } }, "rows");
const model = makeMade({ space: binary([sites]) }, { hidden, direct: false });
const events = fit(model, dataset, { epochs: 1, batch })[Symbol.asyncIterator]();
for (;;) if ((await events.next()).value.type === "round") break;
// What /proc counts is this process alone; elsewhere the engine's own figure must do.
let peak = process.resourceUsage().maxRSS / 1024;
try { peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024; } catch {}
console.log(peak);
process.exit(0);
`;

/** Our cold start: the library's own fit of the workload's model, to the end of an epoch of few steps. */
export async function ourColdStart({ sizes }: Workload): Promise<ColdStart> {
  const began = performance.now();
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, JSON.stringify(sizes)], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  const ended = once(child, "exit");
  for await (const part of child.stdout) out += part;
  const [code] = await ended;
  if (code !== 0) throw new Error(`the cold start ended with code ${code}`);
  return { seconds: (performance.now() - began) / 1000, peakMegabytes: Number(out) };
}

/** A peer's cold start, with the variant that was fastest. */
export async function peerColdStart(
  python: string,
  script: string,
  workload: Workload,
  threads: number,
  variant: string,
): Promise<ColdStart> {
  const began = performance.now();
  const peer = new Peer(python, script, threads);
  const answer = await peer.ask({ workload: workload.sizes, threads, variant, steps: 1 });
  const seconds = (performance.now() - began) / 1000;
  peer.stop();
  return { seconds, peakMegabytes: answer.peak_rss_mb };
}
