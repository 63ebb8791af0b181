import * as z from "zod";
import { inputError } from "../error.ts";
import { encodingSchema } from "./encoding.ts";
import { spaceSchema } from "./space-schema.ts";

/** Version of the `meta.json` this library writes; it reads this one and older ones. */
export const metaVersion = 1;

/** The system from which the rows were drawn, by its Boltzmann distribution; it allows exact values. */
export const systemSchema = z.object({
  /** The name of a registered system, such as `ising`, or of one that is not known here. */
  name: z.string().min(1),
  /** Its parameters by name, as `createSystem` takes them. */
  parameters: z.record(z.string(), z.json()),
  /**
   * Inverse temperatures, if the rows were drawn at several: β is then each row's context, and not a
   * parameter.
   */
  betas: z.array(z.number()).min(1).exactOptional(),
});

/** Measurement of the qubits of each row: `measurements` of {@link DatasetMeta}. */
export const measuredSchema = z.object({
  /**
   * Settings in their order, including those without rows: a letter per qubit (`XZY`), or axes, three numbers
   * per qubit.
   */
  settings: z.array(z.union([z.string(), z.array(z.number())])),
  /** P(bit read | true bit) as [qubit][read][true], if known. */
  confusion: z.array(z.number()).exactOptional(),
});

/** See {@link DatasetMeta}. */
export const metaSchema = z.object({
  /** Version of the format, {@link metaVersion}. */
  version: z.literal(metaVersion),
  /** The space of one row. */
  space: spaceSchema,
  /** How the file writes binary values; values of other kinds are written unchanged. */
  encoding: encodingSchema,
  /** The space of each row's context, if it is not plain real numbers. */
  context: spaceSchema.exactOptional(),
  /** The settings of the rows, if they are shots of measured qubits; qubit 0 is the first column. */
  measurements: measuredSchema.exactOptional(),
  /** The names of the columns, if the rows form a table. */
  columns: z.array(z.string()).min(1).exactOptional(),
  /** The system that the rows were drawn from; absent if unknown. */
  system: systemSchema.exactOptional(),
  /** Rows of the file that are completions of one row with gaps: `x` is `[rows, completions, ...sites]`. */
  completions: z.int().min(2).exactOptional(),
  /** The command that made the file. */
  command: z.string().exactOptional(),
  /** The seed of that command. */
  seed: z.number().int().nonnegative().exactOptional(),
  /** The Markov chains of the rows; absent for independent rows. */
  chain: z
    .object({
      count: z.number().int().positive().exactOptional(),
      tau: z.number().nonnegative().exactOptional(),
      thinning: z.number().positive().exactOptional(),
      burnIn: z.number().nonnegative().exactOptional(),
    })
    .exactOptional(),
});

/**
 * Metadata of a dataset file (`meta.json`): format version, space, encoding, the system and its parameters,
 * and the command and seed that made it. `chain` is present when rows come from Markov chains: their number;
 * the integrated autocorrelation time `tau` (τ = ½ + Σρ) and the `thinning` between rows, both in the same
 * unit (sweeps or cluster steps); and the burn-in, in that unit.
 */
export type DatasetMeta = z.infer<typeof metaSchema>;

/** The meta of a `meta.json` text; throws an input error naming `where` and the field that is wrong. */
export function parseMeta(text: string, where: string): DatasetMeta {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw inputError(`${where}: meta.json is not JSON`, cause);
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > metaVersion)
    throw inputError(
      `${where}: meta.json has format version ${version}; this ansatz reads up to ${metaVersion} (update it)`,
    );
  const result = metaSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw inputError(`${where}: meta.json: ${issue?.path.join(".") || "value"}: ${issue?.message}`);
}

/** The `meta.json` text of a meta; {@link parseMeta} reads it back. */
export function formatMeta(meta: DatasetMeta): string {
  return `${JSON.stringify(meta, null, 2)}\n`;
}
