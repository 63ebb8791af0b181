import type { Command } from "commander";
import { counted } from "../../counted.ts";
import { isFormatName } from "../../data/formats/index.ts";
import { isPauli, writeMeasurements } from "../../data/measurements/index.ts";
import { inputError, usageError } from "../../error.ts";
import { readBytes, writeFileAtomic } from "../../files/index.ts";
import { Key } from "../../random/key.ts";
import { systemText } from "../../study/system-text.ts";
import { createState, measure, namedSettings, type SettingPlan, stateKinds } from "../../systems/index.ts";
import { numberOf, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { parseSettings } from "../options/values.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import type { Flags } from "./command.ts";

/** Flags of states of qubits alone. */
const ownFlags = ["qubits", "settings", "shots"] as const;

/** Flags of Monte Carlo and of maps, which states of qubits do not have. */
const foreign = [
  ...[
    "shape",
    "beta",
    "temperature",
    "mass2",
    "lambda",
    "betaRange",
    "samples",
    "replicas",
    "chains",
    "algorithm",
  ],
  ...["sweeps", "burnIn", "threads", "encoding", "resume", "method", "pixel", "redshift", "smooth", "mask"],
];

/** Every kind of state with its summary, one a line. */
export const stateList = (): string =>
  Object.values(stateKinds)
    .map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`)
    .join("\n");

/** Adds the flags of states of qubits; `--noise` is shared with maps. */
export function addQubitOptions(command: Command): void {
  command
    .option("--qubits <n>", "qubits: number of qubits", wholeFlag("--qubits"))
    .option(
      "--settings <plan>",
      "qubits: pauli (all 3^N), random:SHOTS, neighbours (2N-1), a list such as ZZZ,XXX, or a JSON file of letters or axes (default: pauli)",
    )
    .option("--shots <n>", "qubits: shots of each setting (default: 100)", wholeFlag("--shots"));
}

/** Throws a usage error for flags of states of qubits where another system is simulated. */
export function refuseQubitFlags(flags: Flags, system: string): void {
  const given = ownFlags.find((name) => flags[name] !== undefined);
  if (given !== undefined)
    throw usageError(`--${given}: is for states of qubits (simulate ghz); ${system} has none, leave it out`);
}

/** Measures a state of qubits into a file. */
export async function simulateQubitFile(
  name: string,
  out: string,
  flags: Flags,
  session: Session,
): Promise<Outcome> {
  const wrong = foreign.find((flag) => flags[flag] !== undefined);
  if (wrong !== undefined)
    throw usageError(
      `--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: is not for states of qubits; leave it out`,
    );
  if (!/\.npz$/i.test(out))
    throw usageError(`--out: shots of qubits are kept in an .npz, with their settings, not in ${out}`);
  const system = createState(name, parametersOf(flags));
  const { qubits } = system;
  const seed = numberOf(flags, "seed", 0);
  const key = Key.fromSeed(seed);
  const plan = await planOf(textOf(flags, "settings") ?? "pauli", qubits, key.fold(0));
  if (plan.isSingle && flags.shots !== undefined)
    throw usageError("--shots: random settings have one shot each; leave it out");
  const shots = plan.isSingle ? 1 : numberOf(flags, "shots", 100);
  requireRoom(plan.settings.length * shots, 4 * qubits + 16, "--shots");
  const progress = session.progress(`simulate ${name}`);
  const began = performance.now();
  const measurements = await measure(system, {
    ...{ ...plan, shots, name: out, seed: key.fold(1), isCalibrated: true, signal: session.signal },
    onProgress: (done, total) => progress.count(done, total, "settings"),
  }).finally(() => progress.end());
  const known = { name, parameters: system.parameters };
  const bytes = writeMeasurements(measurements, { system: known, command: session.command, seed });
  await writeFileAtomic(out, bytes, { force: flags.force === true });
  const { settings, setting, confusion } = measurements;
  const seconds = (performance.now() - began) / 1000;
  return {
    document: {
      out,
      system: known,
      qubits,
      settings: settings.length,
      arePauli: settings.every(isPauli),
      shots: setting.length,
      isPure: system.isPure,
      seconds,
    },
    text: [
      `${out}: ${counted(setting.length, "shot")} of ${systemText(known)}`,
      `${counted(settings.length, "setting")}${plan.isSingle ? ", drawn at random for each shot" : `, ${counted(shots, "shot")} each`}; independent draws from exact probabilities`,
      ...(confusion ? ["the readout confusion is kept with the shots"] : []),
    ].join("\n"),
  };
}

/** Parameters of the state and its noise, side by side. */
function parametersOf(flags: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = { ...parseSettings((flags.set as string[] | undefined) ?? []) };
  const own = numberOf(flags, "qubits", Number(given.qubits));
  if (Number.isNaN(own))
    throw usageError("--qubits is missing; give the number of qubits, such as --qubits 3");
  // A comma before a name begins another kind of noise; within a value it parts numbers.
  const noise = (textOf(flags, "noise") ?? "").split(/\s+|,(?=[a-z])/i).filter((part) => part !== "");
  return { ...given, ...parseSettings(noise, "--noise"), qubits: own };
}

/** The settings that `--settings` names, or those in a file. */
async function planOf(text: string, qubits: number, key: Key): Promise<SettingPlan> {
  if (!/\.json$/i.test(text)) {
    if (isFormatName(text)) throw usageError(`--settings: a file of settings is JSON, not ${text}`);
    return namedSettings(text, qubits, key);
  }
  const content = new TextDecoder().decode(await readBytes(text));
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw inputError(`${text}: is not JSON; give a list of settings, such as ["ZZ", "XX"]`, cause);
  }
  if (!Array.isArray(json) || json.length === 0)
    throw inputError(`${text}: holds no list of settings, such as ["ZZ", "XX"] or [[[1, 0, 0], [0, 0, 1]]]`);
  const settings = json.map((one: unknown, at): string | Float64Array => {
    if (typeof one === "string") return one.toUpperCase();
    const axes = Array.isArray(one) ? (one as unknown[]).flat() : [];
    if (axes.length !== 3 * qubits || !axes.every((value) => typeof value === "number"))
      throw inputError(`${text}: setting ${at} is no list of ${qubits} axes of 3 numbers`);
    return Float64Array.from(axes as number[]);
  });
  return { settings, isSingle: false };
}
