import { arrayFrom, type NDArray } from "../../array.ts";
import { siteShape, sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { isArray } from "../../models/arrays.ts";
import type { ModelBase, Parameters, Symbolic } from "../../models/contract.ts";
import { jit } from "../../runtime/jit.ts";
import type { Tensor } from "../../tensor/index.ts";
import { mapTree } from "../../tensor/tree.ts";

/** A fitted model of any kind that is a quantum state. */
export interface FittedState {
  /** Its definition. */
  readonly model: ModelBase;
  /** Its numbers. */
  readonly parameters: Parameters;
}

/** Amplitudes of some configurations, up to one common factor. */
export interface Amplitudes {
  /** log |ψ|. */
  readonly logModulus: Float64Array;
  /** The phase in radians; 0 for a model without phases. */
  readonly phase: Float64Array;
}

/** Rows in one run. */
const atOnce = 4096;

/**
 * The amplitudes of configurations `bits: [rows, sites + ancillas]`, in double precision. Throws AnsatzError (usage) for a model that
 * is no quantum state.
 */
export async function amplitudesOf(
  { model, parameters }: FittedState,
  bits: Uint8Array,
): Promise<Amplitudes> {
  const { stateVector } = model;
  if (!stateVector) throw usageError(`${model.family} has no amplitudes: it is no quantum state`);
  const ancillas = stateVector.mixed?.ancillas ?? 0;
  const width = sites(model.space) + ancillas;
  const rows = bits.length / width;
  const shape = ancillas > 0 ? [width] : siteShape(model.space);
  const wide = mapTree(parameters, isArray, (leaf) => arrayFrom("f64", leaf.shape, leaf.data));
  const graph = jit((p: Symbolic<Parameters>, x: Tensor) => {
    const { logModulus, phase } = stateVector.logAmplitude(p, x);
    return phase ? { logModulus, phase } : { logModulus };
  });
  const out = { logModulus: new Float64Array(rows), phase: new Float64Array(rows) };
  for (let start = 0; start < rows; start += atOnce) {
    const end = Math.min(start + atOnce, rows);
    const x = arrayFrom("f64", [end - start, ...shape], bits.subarray(start * width, end * width));
    const found = (await graph(wide as never, x as never)) as Record<string, NDArray<"f64">>;
    out.logModulus.set(found.logModulus!.data, start);
    if (found.phase) out.phase.set(found.phase.data, start);
  }
  await graph.release();
  return out;
}

/** Basis states of a known pure state that have an amplitude: the terms of a fidelity. */
export interface KnownState {
  /** `[rows, qubits]`. */
  readonly bits: Uint8Array;
  /** Real parts of the amplitudes, `[rows]`. */
  readonly re: Float64Array;
  /** Imaginary parts of the amplitudes, `[rows]`. */
  readonly im: Float64Array;
}

/** Amplitudes of `[2^N]` that are not zero, with their bits. */
export function knownState({
  re,
  im,
  qubits,
}: {
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly qubits: number;
}): KnownState {
  const places = Uint32Array.from(re.keys()).filter((i) => re[i] !== 0 || im[i] !== 0);
  const bits = new Uint8Array(places.length * qubits);
  places.forEach((place, k) => {
    for (let q = 0; q < qubits; q++) bits[k * qubits + q] = Math.floor(place / 2 ** (qubits - 1 - q)) & 1;
  });
  return {
    bits,
    re: Float64Array.from(places, (i) => re[i]!),
    im: Float64Array.from(places, (i) => im[i]!),
  };
}

/**
 * Returns ⟨ψ|ρ|ψ⟩ of a fitted state of norm 1 and a known pure one: the (squared) fidelity, summed over the
 * basis states of the known one. For a mixed state also summed over the basis states of its environment.
 */
export async function networkFidelity(fitted: FittedState, { bits, re, im }: KnownState): Promise<number> {
  const ancillas = fitted.model.stateVector?.mixed?.ancillas ?? 0;
  const qubits = bits.length / re.length;
  let fidelity = 0;
  for (let e = 0; e < 2 ** ancillas; e++) {
    const own = new Uint8Array(re.length * (qubits + ancillas));
    for (let k = 0; k < re.length; k++) {
      own.set(bits.subarray(k * qubits, (k + 1) * qubits), k * (qubits + ancillas));
      for (let a = 0; a < ancillas; a++)
        own[k * (qubits + ancillas) + qubits + a] = (e >> (ancillas - 1 - a)) & 1;
    }
    const { logModulus, phase } = await amplitudesOf(fitted, own);
    let [x, y] = [0, 0];
    for (let k = 0; k < re.length; k++) {
      const a = Math.exp(logModulus[k]!);
      const [c, s] = [a * Math.cos(phase[k]!), a * Math.sin(phase[k]!)];
      x += re[k]! * c + im[k]! * s;
      y += re[k]! * s - im[k]! * c;
    }
    fidelity += x * x + y * y;
  }
  return fidelity;
}
