import type { NDArray } from "../../array.ts";
import { sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { isArray, specsOf } from "../../models/arrays.ts";
import { Key } from "../../random/key.ts";
import { Program } from "../../runtime/program.ts";
import { KEY, trace } from "../../runtime/trace.ts";
import type { Estimate } from "../../stats/estimate.ts";
import { independentMean } from "../../stats/index.ts";
import type { SymbolicKey } from "../../tensor/index.ts";
import { leaves } from "../../tensor/tree.ts";
import { amplitudesOf, type FittedState } from "./state-vector.ts";

/** See {@link statePauliMean}. */
export interface StateSampleOptions {
  /** Draws of the state in the Z basis (default 4,096). */
  readonly samples?: number;
  /** Seed of the draws (default 0). */
  readonly seed?: number;
}

/** A Pauli string with its coefficient: `{ string: "XIZ", coefficient: -1 }`, qubit 0 first. */
export interface PauliTerm {
  /** A letter a qubit, `I`, `X`, `Y` or `Z`, qubit 0 first. */
  readonly string: string;
  /** What its mean is multiplied by. */
  readonly coefficient: number;
}

/** Draws of |ψ|² as bits, `[samples, sites + ancillas]`. */
async function drawn({ model, parameters }: FittedState, { samples = 4096, seed = 0 }: StateSampleOptions) {
  const draw = model.stateVector?.draw;
  if (!draw)
    throw usageError(
      `${model.family} draws no samples of its amplitudes: it is no quantum state of networks`,
    );
  const program = await Program.compile(
    trace((p: never, key: SymbolicKey) => draw(p, key), [specsOf(parameters) as never, KEY]),
  );
  const [x] = await program.run(leaves(parameters, isArray), { keys: [Key.fromSeed(seed)], batch: samples });
  await program.release();
  return Uint8Array.from((x as NDArray<"f32">).data);
}

/** Throws a usage error unless every string has a letter I, X, Y or Z for each qubit. */
export function checkStrings(terms: readonly PauliTerm[], qubits: number): void {
  for (const { string } of terms)
    if (!/^[IXYZ]*$/.test(string) || string.length !== qubits)
      throw usageError(
        `'${string}' is no Pauli string of ${qubits} qubits; give a letter I, X, Y or Z for each`,
      );
}

/**
 * The mean of a sum of Pauli strings in a fitted state, such as an energy: local estimates Σ_σ' ⟨σ|H|σ'⟩ψ(σ')/ψ(σ) over draws of |ψ|². The
 * error is that of the draws, not that of the shots which the state was fitted to.
 *
 * @throws AnsatzError (usage) for a string of another length or other letters than I, X, Y, Z, and for models that are no states.
 */
export async function statePauliMean(
  fitted: FittedState,
  terms: readonly PauliTerm[],
  options: StateSampleOptions = {},
): Promise<Estimate> {
  const qubits = sites(fitted.model.space);
  checkStrings(terms, qubits);
  const bits = await drawn(fitted, options);
  const width = qubits + (fitted.model.stateVector?.mixed?.ancillas ?? 0);
  const here = await amplitudesOf(fitted, bits);
  const samples = here.phase.length;
  const values = new Float64Array(samples);
  for (const { string, coefficient } of terms) {
    const flips = [...string].map((letter) => letter === "X" || letter === "Y");
    const moved = bits.map((bit, i) => (flips[i % width] ? 1 - bit : bit));
    const there = flips.includes(true) ? await amplitudesOf(fitted, moved) : here;
    for (let k = 0; k < samples; k++) {
      // ⟨0|Y|1⟩ = −i and ⟨1|Y|0⟩ = i; Z is −1 at bit 1.
      let [sign, quarter] = [coefficient, 0];
      for (let q = 0; q < qubits; q++) {
        const bit = bits[k * width + q]!;
        if (string[q] === "Z" && bit === 1) sign = -sign;
        if (string[q] === "Y") quarter += bit === 1 ? 1 : -1;
      }
      const ratio = Math.exp(there.logModulus[k]! - here.logModulus[k]!);
      values[k]! += sign * ratio * Math.cos(there.phase[k]! - here.phase[k]! + (quarter * Math.PI) / 2);
    }
  }
  return independentMean(values);
}

/**
 * The purity Tr ρ_A² of some qubits of a fitted state, and their Rényi entropy −log Tr ρ_A² in nats: pairs of draws whose qubits in A are
 * exchanged (the replica estimator). Errors are those of the draws alone. Source: Hastings et al., Phys. Rev. Lett. 104 (2010) 157201.
 *
 * @throws AnsatzError (usage) for qubits that are not there, and for models that are no states.
 */
export async function stateRenyi(
  fitted: FittedState,
  block: readonly number[],
  options: StateSampleOptions = {},
): Promise<{ readonly purity: Estimate; readonly entropy: Estimate }> {
  const qubits = sites(fitted.model.space);
  const wrong = block.find((q) => !Number.isInteger(q) || q < 0 || q >= qubits);
  if (wrong !== undefined) throw usageError(`there is no qubit ${wrong}; they are 0 to ${qubits - 1}`);
  const width = qubits + (fitted.model.stateVector?.mixed?.ancillas ?? 0);
  const { samples = 4096, ...rest } = options;
  const bits = await drawn(fitted, { ...rest, samples: 2 * samples });
  const half = samples * width;
  const swapped = bits.slice();
  const isIn = Array.from({ length: width }, (_, q) => block.includes(q));
  for (let i = 0; i < half; i++)
    if (isIn[i % width]) [swapped[i], swapped[half + i]] = [swapped[half + i]!, swapped[i]!];
  const [here, there] = [await amplitudesOf(fitted, bits), await amplitudesOf(fitted, swapped)];
  const values = Float64Array.from({ length: samples }, (_, k) => {
    const sum = (of: Float64Array, k: number) => of[k]! + of[samples + k]!;
    const ratio = Math.exp(sum(there.logModulus, k) - sum(here.logModulus, k));
    return ratio * Math.cos(sum(there.phase, k) - sum(here.phase, k));
  });
  const purity = independentMean(values);
  return { purity, entropy: { value: -Math.log(purity.value), error: purity.error / purity.value } };
}
