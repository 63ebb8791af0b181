import { basename } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import { fromDataset } from "../../data/measurements/index.ts";
import { usageError } from "../../error.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import type { FitRecord, Run } from "../../runs/index.ts";
import { recordFacts } from "../../runs/write-study.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import type { LookOptions, Study } from "../../study/index.ts";
import type { NamedState } from "../../study/tomography/index.ts";
import { createState, parseState, stateKinds } from "../../systems/index.ts";
import { requireState } from "../../tomography/index.ts";
import { readState, targetState } from "../options/measurements.ts";

/** Options of a study of a density matrix, in addition to its run. */
export interface DensityStudyOptions extends LookOptions {
  /** The intended state (default: the run's own, else the state that was simulated). */
  readonly target?: string | undefined;
  /** Replicas of the bootstrap. */
  readonly replicas?: number | undefined;
  readonly seed: number;
}

/** Returns the density matrix of a fitted model; undefined for other models. */
export function densityMatrixOf({ model, parameters }: AnyFitted): ComplexMatrix | undefined {
  return model.densityMatrix?.(parameters as never);
}

/** Returns the study of a run with a density matrix as model, on the shots that it was fitted to. */
export async function densityStudy(
  run: Run<FitRecord>,
  rho: ComplexMatrix,
  dataset: Dataset,
  { target, replicas, seed, ...at }: DensityStudyOptions,
): Promise<Study> {
  const { record } = run;
  const { files = [record.data.source], ...said } = record.tomography ?? {};
  const measurements = fromDataset(dataset, dataset.splits.train);
  const { qubits } = measurements;
  const named = target ?? said.target;
  const others: NamedState[] = [];
  for (const path of said.compared ?? []) others.push(await readState(path, qubits));
  const { studyTomography } = await import("../../study/tomography/index.ts");
  const name = record.tomography?.files?.map((file) => basename(file)).join(" + ") ?? basename(dataset.name);
  // Options of stochastic training say nothing of a maximum of the likelihood.
  const { Training: _, ...facts } = recordFacts(record, { files, split: dataset.splits.how });
  return studyTomography(
    {
      measurements: { ...measurements, name },
      ...{ rho, others, seed },
      rank: (record.hyperparameters.rank as number) || undefined,
      target: named === undefined ? simulatedTarget(dataset) : await namedTarget(named, qubits),
      truth: truthOf(dataset),
      replicas: replicas ?? said.replicas,
      ...(said.calibration !== undefined && { calibration: basename(said.calibration) }),
    },
    { ...at, facts },
  );
}

/** The state that a target names: a known state, a text file of amplitudes, or a matrix in a `.npy`. */
async function namedTarget(text: string, qubits: number): Promise<NamedState> {
  if (/\.npy$/i.test(text)) {
    const state = await readState(text, qubits);
    requireState(state.matrix, text);
    return state;
  }
  const { re, im } = (await targetState(text, qubits)).density();
  return { name: /\.(txt|dat)$/i.test(text) ? basename(text) : text, matrix: { n: 2 ** qubits, re, im } };
}

/** The state that shots were simulated from, before noise; undefined for other shots. */
function simulatedTarget({ meta }: Dataset): NamedState | undefined {
  const system = meta?.system && stateOf(meta.system);
  if (!system) return undefined;
  const { phase } = system.parameters;
  const name = phase === undefined || Number(phase) === 0 ? system.name : `${system.name}:phase=${phase}`;
  const { re, im } = system.psi;
  const n = re.length;
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      out.re[i * n + j] = re[i]! * re[j]! + im[i]! * im[j]!;
      out.im[i * n + j] = im[i]! * re[j]! - re[i]! * im[j]!;
    }
  return { name, matrix: out };
}

/**
 * The state that shots were simulated from, with its noise; undefined for other shots, and if the state
 * drifted.
 */
function truthOf({ meta }: Dataset): ComplexMatrix | undefined {
  const system = meta?.system && stateOf(meta.system);
  if (!system || system.noise.drift) return undefined;
  const { re, im } = system.density();
  return { n: 2 ** system.qubits, re, im };
}

function stateOf({ name, parameters }: NonNullable<NonNullable<Dataset["meta"]>["system"]>) {
  return name in stateKinds ? createState(name, parameters) : undefined;
}

/** Throws unless a target can be read, before any work. */
export async function checkTarget(text: string | undefined, qubits: number): Promise<void> {
  if (text === undefined) return;
  if (!/\.(txt|dat|npy)$/i.test(text)) parseState(text, qubits);
  else await namedTarget(text, qubits);
}

/** Throws a usage error for options of tomography if a run is of another model. */
export function refuseDensityOptions(
  given: Readonly<Record<string, unknown>>,
  folder: string,
  family: string,
): void {
  const name = ["target", "bootstrap"].find((key) => given[key] !== undefined);
  if (name !== undefined)
    throw usageError(`--${name}: is for density matrices; ${folder} is a ${family}, leave it out`);
}
