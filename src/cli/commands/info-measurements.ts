import { counted } from "../../counted.ts";
import {
  type Completeness,
  completenessText,
  informationallyComplete,
  isPauli,
  type MeasurementData,
  type Measurements,
  missingText,
  shotsOfSettings,
} from "../../data/measurements/index.ts";
import { clearOrder, densityTarget, type OrderFits, orderFits } from "../../evaluate/order-likelihood.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { systemText } from "../../study/system-text.ts";
import { requireState } from "../../tomography/index.ts";
import { textOf } from "../options/flags.ts";
import { readState, targetState } from "../options/measurements.ts";
import type { Outcome } from "../terminal/session.ts";
import type { Flags } from "./command.ts";

/** Returns the output of `ansatz info` for measurements of qubits. */
export async function measurementInfo(
  path: string,
  { measurements, meta }: MeasurementData,
  flags: Flags,
): Promise<Outcome> {
  const { qubits, settings, setting, confusion } = measurements;
  const completeness = informationallyComplete(measurements);
  const each = shotsOfSettings(measurements);
  const used = each.filter((n) => n > 0);
  const shots = {
    total: setting.length,
    // Not Math.min(...used): there can be as many settings as shots, and none with shots.
    fewest: used.length === 0 ? 0 : used.reduce((least, n) => Math.min(least, n)),
    most: used.reduce((largest, n) => Math.max(largest, n), 0),
  };
  const named = textOf(flags, "target");
  const target = named === undefined ? undefined : await orderTarget(named, qubits);
  const fits = target && orderFits(measurements, target);
  const order = flags.order === "last" ? "last" : "first";
  return {
    document: {
      kind: "measurements",
      path,
      qubits,
      shots,
      settings: {
        total: settings.length,
        withShots: used.length,
        arePauli: settings.every(isPauli),
        ...(settings.length <= mostListed && {
          shots: settings.map(({ name }, s) => ({ name, shots: each[s] })),
        }),
      },
      informationallyComplete: completeness.complete ?? null,
      ...(completeness.rank !== undefined && { rank: completeness.rank }),
      ...(completeness.missing && { missing: completeness.missing }),
      order,
      hasConfusion: confusion !== undefined,
      ...(fits && { target: { name: named, ...fits } }),
      ...(meta?.system && { system: meta.system }),
    },
    text: [
      `${path}: ${counted(setting.length, "shot")} of ${counted(qubits, "qubit")} in ${settingsText(measurements, shots)}`,
      orderText(flags),
      ...completenessLines(measurements, completeness),
      ...(confusion ? ["readout confusion: known for every qubit"] : []),
      ...(meta?.system ? [`drawn from ${systemText(meta.system)}`] : []),
      ...(fits ? [fitsText(named as string, fits)] : []),
      ...(meta?.command ? [`made by: ${meta.command}`] : []),
    ].join("\n"),
  };
}

/** The state that a target names; a matrix in a `.npy` too. */
async function orderTarget(text: string, qubits: number) {
  if (!/\.npy$/i.test(text)) return targetState(text, qubits);
  const { name, matrix } = await readState(text, qubits);
  requireState(matrix, text);
  return densityTarget(name, qubits, matrix);
}

/** Maximum number of settings with shots listed in JSON. */
const mostListed = 10_000;

function settingsText(
  { settings }: Measurements,
  { fewest, most }: { readonly fewest: number; readonly most: number },
): string {
  const each = fewest === most ? `${fewest} each` : `${fewest} to ${most} each`;
  const kind = settings.every(isPauli) ? "Pauli " : "";
  return `${counted(settings.length, `${kind}setting`)}, ${each}`;
}

function orderText(flags: Flags): string {
  if (flags.order === "last") return "qubit 0 is right-most in the file (--order last); here it comes first";
  return flags.order === "first"
    ? "qubit 0 is left-most in the file (--order first)"
    : "qubit 0 comes first, by the file or its format";
}

/** The answer of `completenessText`, with more of the missing settings on a line of their own. */
function completenessLines({ qubits }: Measurements, found: Completeness): string[] {
  const { complete, missing } = found;
  if (complete !== false || !missing) {
    const all = complete && missing ? `: all ${3 ** qubits} Pauli settings have shots` : "";
    return [`${completenessText(qubits, found)}${all}`];
  }
  const { first } = missing;
  const example = first[0] === undefined ? "the means of their letters" : `means such as ⟨${first[0]}⟩`;
  return [
    completenessText(qubits, { ...found, missing: undefined }),
    `${missingText(qubits, missing, first.length)}; ${example} cannot be known without assumptions on the state`,
  ];
}

function fitsText(name: string, { declared, opposite }: OrderFits): string {
  const difference = declared.logLikelihood - opposite.logLikelihood;
  const nats = `${Math.abs(difference).toFixed(1)} nats`;
  const verdict =
    Math.abs(difference) < 1e-6
      ? "the target is the same in both orders, so these shots cannot tell"
      : Math.abs(difference) < clearOrder
        ? `${nats} apart, too few to tell`
        : difference > 0
          ? `the declared order wins by ${nats}`
          : `the opposite order wins by ${nats}: is --order right?`;
  const number = (value: number) => trueMinus(value.toFixed(1));
  return `log-likelihood under ${name} with fitted white noise (share ${declared.white.toFixed(3)}): ${number(declared.logLikelihood)} as declared, ${number(opposite.logLikelihood)} in the opposite order; ${verdict}`;
}
