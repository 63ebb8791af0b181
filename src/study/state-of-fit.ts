import type { Dataset } from "../data/dataset.ts";
import { fromDataset, holdsMeasurements } from "../data/measurements/index.ts";
import { sites } from "../data/space.ts";
import {
  amplitudesOf,
  type BootstrappedValue,
  type FittedState,
  knownState,
  networkBootstrap,
  networkFidelity,
  stateRenyi,
} from "../evaluate/tomography/index.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import { Key } from "../random/key.ts";
import type { Estimate } from "../stats/index.ts";
import { createState, isStateName } from "../systems/index.ts";

/** An amplitude of a fitted state, and of the target if known. */
export interface ShownAmplitude {
  /** Its basis state, qubit 0 first: `010`. */
  readonly name: string;
  readonly modulus: number;
  /** In radians from −π to π. */
  readonly phase: number;
  readonly target?: { readonly modulus: number; readonly phase: number };
}

/** Description of a fitted quantum state. */
export interface StateOfFit {
  /** Its largest amplitudes and the target's, largest first; their common phase is such that they agree. None of a mixed state. */
  readonly amplitudes: readonly ShownAmplitude[];
  /** The (squared) fidelity to the state that the shots were simulated from, before noise. */
  readonly fidelity?: {
    readonly target: string;
    /** Of the fitted state, exactly. */
    readonly value: number;
    /** Of the true state, with its error from finite shots, if the bootstrap was asked for. */
    readonly bootstrap?: BootstrappedValue;
  };
  /** The Rényi-2 entropy in nats of the first half of the qubits, with the error of its draws; of states of networks. */
  readonly entropy?: { readonly qubits: number; readonly estimate: Estimate };
}

/** Options of {@link stateOfFit}. */
export interface StateOfFitOptions {
  /** Seed of draws (default 0). */
  readonly seed?: number;
  /** Refits of the parametric bootstrap for the error of a fidelity (default none). */
  readonly replicas?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, replicas: number) => void) | undefined;
}

/** Amplitudes that are shown. */
const shown = 16;
/**
 * Maximum number of basis states of a target for summing its fidelity, and maximum number of qubits for
 * examining all basis states.
 */
const mostSummed = 2 ** 16;
const mostQubits = 12;

/**
 * Returns the description of a fitted quantum state; undefined for other models, and for data that are no
 * shots.
 */
export async function stateOfFit(
  own: AnyFitted,
  dataset: Dataset,
  { seed = 0, replicas, signal, onProgress }: StateOfFitOptions = {},
): Promise<StateOfFit | undefined> {
  const { model, parameters } = own;
  const fitted: FittedState = { model, parameters };
  const { stateVector } = model;
  if (!stateVector || !holdsMeasurements(dataset)) return undefined;
  const qubits = sites(dataset.space);
  const said = dataset.meta?.system;
  const system = said && isStateName(said.name) ? createState(said.name, said.parameters) : undefined;
  const known = system && knownState(system.psi);
  const isSummed = known !== undefined && known.re.length <= mostSummed;
  const value = isSummed ? await networkFidelity(fitted, known) : undefined;
  const bootstrap =
    replicas !== undefined && isSummed && own instanceof FittedExact
      ? await networkBootstrap(own, dataset, (state) => networkFidelity(state, known), {
          replicas,
          key: Key.fromSeed(seed).fold(4),
          signal,
          onProgress,
        })
      : undefined;
  const fidelity =
    value !== undefined && system
      ? { fidelity: { target: system.name, value, ...(bootstrap && { bootstrap }) } }
      : {};
  const half = Math.floor(qubits / 2);
  const entropy =
    stateVector.draw && half > 0
      ? {
          entropy: {
            qubits: half,
            estimate: (
              await stateRenyi(
                fitted,
                Array.from({ length: half }, (_, q) => q),
                { seed },
              )
            ).entropy,
          },
        }
      : {};
  // Ancillas leave no amplitude of the qubits alone, and an energy model's have no norm here.
  if (stateVector.mixed) return { amplitudes: [], ...fidelity, ...entropy };
  const bits = candidates(dataset, qubits, known?.bits);
  const { logModulus, phase } = await amplitudesOf(fitted, bits);
  const rows = logModulus.length;
  const wanted = system && {
    at: (k: number) => {
      const place = placeOf(bits, k, qubits);
      return [system.psi.re[place]!, system.psi.im[place]!] as const;
    },
  };
  let [re, im, top] = [0, 0, 0];
  for (let k = 0; k < rows; k++) {
    const a = Math.exp(logModulus[k]!);
    const [x, y] = wanted ? wanted.at(k) : a > top ? [1 / a ** 2, 0] : [0, 0];
    if (!wanted && a > top) [re, im, top] = [0, 0, a];
    re += a * (x * Math.cos(phase[k]!) + y * Math.sin(phase[k]!));
    im += a * (x * Math.sin(phase[k]!) - y * Math.cos(phase[k]!));
  }
  const common = Math.atan2(im, re);
  const all = Array.from({ length: rows }, (_, k): ShownAmplitude => {
    const target = wanted?.at(k);
    return {
      name: Array.from(bits.subarray(k * qubits, (k + 1) * qubits)).join(""),
      modulus: Math.exp(logModulus[k]!),
      phase: wrapped(phase[k]! - common),
      ...(target && { target: { modulus: Math.hypot(...target), phase: Math.atan2(target[1], target[0]) } }),
    };
  });
  const size = (one: ShownAmplitude) => Math.max(one.modulus, one.target?.modulus ?? 0);
  const largest = all.sort((a, b) => size(b) - size(a) || (a.name < b.name ? -1 : 1)).slice(0, shown);
  return { amplitudes: largest, ...fidelity, ...entropy };
}

/** Configurations among which the largest amplitudes are looked for: all of few qubits, else those that were seen and the target's. */
function candidates(dataset: Dataset, qubits: number, target: Uint8Array | undefined): Uint8Array {
  if (qubits <= mostQubits) {
    const bits = new Uint8Array(2 ** qubits * qubits);
    for (let i = 0; i < bits.length; i++)
      bits[i] = (Math.floor(i / qubits) >> (qubits - 1 - (i % qubits))) & 1;
    return bits;
  }
  const found = new Map<string, Uint8Array>();
  for (const from of [target ?? new Uint8Array(), fromDataset(dataset).bits])
    for (let start = 0; start < from.length && found.size < mostSummed; start += qubits) {
      const own = from.subarray(start, start + qubits);
      found.set(own.join(""), own);
    }
  const bits = new Uint8Array(found.size * qubits);
  [...found.values()].forEach((own, k) => {
    bits.set(own, k * qubits);
  });
  return bits;
}

function placeOf(bits: Uint8Array, k: number, qubits: number): number {
  let place = 0;
  for (let q = 0; q < qubits; q++) place = 2 * place + bits[k * qubits + q]!;
  return place;
}

/** An angle from −π to π. */
const wrapped = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
