import * as z from "zod";
import { sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import type { Domain } from "../../contract.ts";
import { commonHyperparameters } from "../autoregressive/options.ts";
import { modulusNames } from "./modulus.ts";

/** Most qubits of a table of phases: one number for each of 2^12 configurations. */
export const mostTableQubits = 12;

/** Up to so many qubits a setting may rotate all of them without being asked. */
const freelyRotated = 8;

/** Hyperparameters that every wave function of networks has. */
export const sharedHyperparameters = {
  /** Family of the modulus; `auto`: `rnn` for a state without phases that has lattice symmetries, else `made` (default `auto`). */
  modulus: z
    .enum(["auto", ...modulusNames])
    .default("auto")
    .describe("family of |ψ|²; auto: rnn for phase=none with a lattice symmetry, made otherwise"),
  /** Units of a layer of the modulus: hidden, units or width of its family; 0: 16 of an rnn, 64 of others (default 0). */
  hidden: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe("units of a layer of the modulus; 0: 16 of an rnn, 64 of others"),
  /** The phase: a network, a free table (up to 12 qubits), or none (default `network`). */
  phase: z
    .enum(["network", "table", "none"])
    .default("network")
    .describe("the phase: a network, a table of a phase for each configuration (up to 12 qubits), or none"),
  /** Units of the hidden layer of the phase (default 64). */
  phaseHidden: z.int().min(1).max(100_000).default(64).describe("units of the hidden layer of the phase"),
  /** Most rotated qubits of a setting, 2^rotated amplitudes a shot; 0: all of up to 8 qubits, 4 of more (default 0). */
  rotated: z
    .int()
    .min(0)
    .max(12)
    .default(0)
    .describe(
      "most qubits of a setting that are not measured along z: a shot is a sum of 2^rotated amplitudes; 0: all of up to 8 qubits, 4 of more",
    ),
  /** Starts of the fit, the best by held-out likelihood is kept (default 1). */
  restarts: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("starts of the fit; the best by held-out likelihood is kept"),
  /** Give a configuration and its global flip the same probability (default false). */
  z2: commonHyperparameters.z2,
  /** Lattice symmetries to average over: translations, reflections, rotations (default none). */
  symmetry: commonHyperparameters.symmetry,
} as const;

export const waveSchema = z.strictObject({
  ...sharedHyperparameters,
  /** Only configurations with so many ones; null allows all (default null). */
  excitations: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("only configurations with so many ones have an amplitude; null allows all"),
});

/** Qubits or units that are traced out; 0 leaves their number to the qubits. */
export const environmentSize = z.int().min(0).max(6).default(0);

/** Hidden units of each of two Boltzmann machines; 0 for as many as qubits. */
export const machineUnits = z
  .int()
  .min(0)
  .max(10_000)
  .default(0)
  .describe("hidden units of each machine; 0: as many as qubits");

export const purifiedSchema = z.strictObject({
  ...sharedHyperparameters,
  /** Qubits of the environment, which are traced out: rank 2^environment at most; 0: as many as qubits, 4 at most (default 0). */
  environment: environmentSize.describe(
    "qubits of the environment, which are traced out: the rank of the state is at most 2^environment; 0: as many as qubits, 4 at most",
  ),
});

/** Hyperparameters of both families, defaults filled in. */
export type NetworkStateHyperparameters = Omit<z.output<typeof waveSchema>, "excitations"> & {
  readonly excitations?: number | null;
  readonly environment?: number;
};

/**
 * Hyperparameters with `auto` and 0 replaced by what they choose. A lattice symmetry makes conditional probabilities alike at all sites,
 * and a recurrent network has one rule for them; with phases its many evaluations cost more than they gain.
 */
export function chosenModulus<H extends NetworkStateHyperparameters>(
  h: H,
): H & { readonly modulus: (typeof modulusNames)[number] } {
  const isLattice = h.phase === "none" && h.symmetry.length > 0;
  const modulus = h.modulus !== "auto" ? h.modulus : isLattice ? "rnn" : "made";
  return { ...h, modulus, hidden: h.hidden > 0 ? h.hidden : modulus === "rnn" ? 16 : 64 };
}

/** The number of qubits of a domain; throws a usage error for rows that are no outcomes of measured qubits. */
export function qubitsOf(family: string, { space, context }: Domain): number {
  const qubits = sites(space);
  if (space.kind !== "binary") throw usageError(`${family} models bits, the outcomes of measured qubits`);
  const isSetting =
    context &&
    ((context.kind === "categorical" && context.states === 3 && sites(context) === qubits) ||
      (context.kind === "real" && sites(context) === 3 * qubits));
  if (!isSetting)
    throw usageError(
      `${family} needs the setting of every shot as context: a label X 0, Y 1, Z 2 of each qubit (categorical:3), or an axis of 3 numbers each; for plain bits: ansatz label FILE --settings Z --order first --out shots.npz`,
    );
  return qubits;
}

/** Qubits of the environment of a mixed state; none of a pure one. */
export const environmentOf = ({ environment }: { readonly environment?: number }, qubits: number): number =>
  environment === 0 ? Math.min(qubits, 4) : (environment ?? 0);

/** Most rotated qubits of a setting: as set, never more than there are. */
export function mostRotatedOf({ rotated }: { readonly rotated: number }, qubits: number): number {
  return Math.min(qubits, rotated > 0 ? rotated : qubits <= freelyRotated ? qubits : 4);
}
