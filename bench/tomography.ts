// Density matrices beside Qiskit's fitters and QuCumber, seconds of the processor: npm run bench:tomography
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Key } from "ansatz/random";
import { createState, measure, namedSettings } from "ansatz/systems";
import { BornTree, maximumLikelihood, overlap, pureState, tallyOf, toPauli } from "ansatz/tomography";
import { median } from "./measure.ts";
import { pythonWith } from "./peer.ts";

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);

/** What a Python needs, the script that uses it, and up to how many qubits: QuCumber takes minutes for three. */
const peers = [
  ["qiskit_experiments.library.tomography", "tomography_qiskit", 4],
  ["qucumber.nn_states", "tomography_qucumber", 2],
] as const;

interface Fit {
  readonly who: string;
  readonly seconds: readonly number[];
  /** Real and imaginary parts, row by row, qubit 0 the most significant bit. */
  readonly re: readonly number[];
  readonly im: readonly number[];
}

/** Shots of a GHZ state of which each qubit is depolarised by 0.05, 100 in each Pauli setting. */
async function counts(qubits: number) {
  const state = createState("ghz", { qubits, depolarise: 0.05 });
  const plan = namedSettings("pauli", qubits, Key.fromSeed(0));
  return tallyOf(await measure(state, { ...plan, shots: 100, seed: 1, name: "ghz" }));
}

function row(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

row([
  "shots",
  "who",
  "s of the processor",
  "range",
  "ansatz ÷ it",
  "fidelity to GHZ",
  "NLL above the minimum, nats",
]);
row(["---", "---", "---", "---", "---", "---", "---"]);
for (const qubits of [2, 3, 4]) {
  const tally = await counts(qubits);
  for (let warm = 0; warm < 5; warm++) maximumLikelihood(tally);
  const ours = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    maximumLikelihood(tally);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  const { rho, loss } = maximumLikelihood(tally);
  const tree = new BornTree(tally);
  const n = 2 ** qubits;
  const ghz = pureState(Float64Array.from({ length: n }, (_, i) => (i === 0 || i === n - 1 ? 1 : 0)));
  const request = JSON.stringify({
    ...{ qubits, rounds, settings: tally.settings.map(({ name }) => name), counts: [...tally.counts] },
  });
  const show = ({ who, seconds, re, im }: Fit) => {
    const found = { n, re: Float64Array.from(re), im: Float64Array.from(im) };
    row([
      `GHZ-${qubits}, ${3 ** qubits} × 100`,
      who,
      median(seconds).toPrecision(3),
      `${Math.min(...seconds).toPrecision(3)}–${Math.max(...seconds).toPrecision(3)}`,
      who === "ansatz" ? "" : (median(ours) / median(seconds)).toPrecision(2),
      overlap(found, ghz).toFixed(4),
      ((tree.loss(toPauli(found), tally) - loss) * tally.shots).toFixed(3),
    ]);
  };
  show({ who: "ansatz", seconds: ours, re: [...rho.re], im: [...rho.im] });
  for (const [needed, script, most] of peers) {
    if (qubits > most) continue;
    const python = pythonWith(needed);
    if (!python) {
      console.log(`| | ${needed} is not installed: ANSATZ_PYTHON names a Python that has it | | | | | |`);
      continue;
    }
    const path = fileURLToPath(new URL(`./peers/${script}.py`, import.meta.url));
    const { stdout, stderr, status } = spawnSync(python, [path], { input: request, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    for (const line of stdout.trim().split("\n")) show(JSON.parse(line) as Fit);
  }
}
