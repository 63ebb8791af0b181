import { arrayFrom } from "../../array.ts";
import { siteShape, sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import type { Estimate } from "../../stats/estimate.ts";
import { independentMean } from "../../stats/index.ts";
import { checkStrings, type PauliTerm, type StateSampleOptions } from "./state-samples.ts";
import type { KnownState } from "./state-vector.ts";

/** Outcomes that a model draws in random Pauli settings: `[samples, N]` labels X 0, Y 1, Z 2 and bits. */
interface Shadows {
  readonly qubits: number;
  readonly samples: number;
  readonly labels: Uint8Array;
  readonly bits: Uint8Array;
}

/** Pairs of basis states in a fidelity at most: each costs a product over all qubits for every draw. */
const mostPairs = 4096;

/** Draws in settings from all 3^N. Throws AnsatzError (usage) for a model of other data than bits in Pauli settings. */
async function shadowsOf(
  fitted: FittedExact,
  { samples = 4096, seed = 0 }: StateSampleOptions,
): Promise<Shadows> {
  const { space, context, family } = fitted.model;
  const qubits = sites(space);
  const isPauli = context?.kind === "categorical" && context.states === 3 && sites(context) === qubits;
  if (space.kind !== "binary" || !isPauli)
    throw usageError(
      `${family} is no model of qubits in Pauli settings: bits with a label X 0, Y 1, Z 2 of each as context`,
    );
  const [first, second] = [Key.fromSeed(seed).fold(0), Key.fromSeed(seed).fold(1)];
  const random = stream(first);
  const labels = Uint8Array.from({ length: samples * qubits }, () => random.below(3));
  const settings = arrayFrom("u8", [samples, ...siteShape(context)], labels);
  const { x } = await fitted.sample(samples, { key: second, context: settings });
  return { qubits, samples, labels, bits: Uint8Array.from(x.data as Uint8Array) };
}

/**
 * The mean of a sum of Pauli strings, such as an energy, in what a model P(bits | setting) says of any number of qubits: settings are
 * drawn from all 3^N, bits from the model, and a string of w letters counts 3^w times its parity where the setting has its letters (the
 * dual of the measurement). The error is that of the draws, not that of the shots which the model was fitted to; nothing makes the model
 * physical. Throws AnsatzError (usage) for strings of another length or other letters, and for models of other data.
 *
 * Source: Huang, Kueng & Preskill, Nat. Phys. 16 (2020) 1050.
 */
export async function outcomePauliMean(
  fitted: FittedExact,
  terms: readonly PauliTerm[],
  options: StateSampleOptions = {},
): Promise<Estimate> {
  checkStrings(terms, sites(fitted.model.space));
  const { qubits, samples, labels, bits } = await shadowsOf(fitted, options);
  const values = new Float64Array(samples);
  for (const { string, coefficient } of terms) {
    const letters = Int8Array.from(string, (letter) => "XYZ".indexOf(letter));
    for (let k = 0; k < samples; k++) {
      let value = coefficient;
      for (let q = 0; q < qubits && value !== 0; q++) {
        if (letters[q] === -1) continue;
        const at = k * qubits + q;
        value *= labels[at] === letters[q] ? (bits[at] === 1 ? -3 : 3) : 0;
      }
      values[k]! += value;
    }
  }
  return independentMean(values);
}

/**
 * The (squared) fidelity to a known pure state of few basis states, such as GHZ or W, in what a model P(bits | setting) says of any number
 * of qubits: the mean of ⟨ψ|⊗(3|v⟩⟨v| − 1)|ψ⟩ over the model's draws. Its spread grows as (3/2)^N for a GHZ state. See
 * {@link outcomePauliMean} for the error. Throws AnsatzError (usage) for more than 64 basis states, and for models of other data.
 */
export async function outcomeFidelity(
  fitted: FittedExact,
  { bits: known, re, im }: KnownState,
  options: StateSampleOptions = {},
): Promise<Estimate> {
  const terms = re.length;
  if (terms * terms > mostPairs)
    throw usageError(
      `a fidelity by samples takes a state of up to ${Math.sqrt(mostPairs)} basis states, not ${terms}`,
    );
  const { qubits, samples, labels, bits } = await shadowsOf(fitted, options);
  if (known.length !== terms * qubits)
    throw usageError(`the known state has ${known.length / terms} qubits, and the model ${qubits}`);
  const values = new Float64Array(samples);
  for (let k = 0; k < samples; k++)
    for (let i = 0; i < terms; i++)
      for (let j = 0; j <= i; j++) {
        // ⟨i|⊗D|j⟩ as size · (real, imaginary); D is Hermitian, so that pairs below the diagonal count twice.
        let [size, quarter] = [1, 0];
        for (let q = 0; q < qubits && size !== 0; q++) {
          const at = k * qubits + q;
          const [bra, ket] = [known[i * qubits + q]!, known[j * qubits + q]!];
          const [label, bit] = [labels[at]!, bits[at]!];
          if (bra === ket) size *= label === 2 ? (bra === bit ? 2 : -1) : 0.5;
          else {
            size *= label === 2 ? 0 : bit === 1 ? -1.5 : 1.5;
            // ⟨0|Y|1⟩ = −i and ⟨1|Y|0⟩ = i.
            if (label === 1) quarter += bra === 1 ? 1 : -1;
          }
        }
        if (size === 0) continue;
        const [a, b] = [re[i]! * re[j]! + im[i]! * im[j]!, re[i]! * im[j]! - im[i]! * re[j]!];
        const angle = (quarter * Math.PI) / 2;
        const real = size * (a * Math.cos(angle) - b * Math.sin(angle));
        values[k]! += i === j ? real : 2 * real;
      }
  return independentMean(values);
}
