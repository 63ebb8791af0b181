import * as z from "zod";
import { wholeParameter } from "../../parameters.ts";
import type { PureState } from "../state.ts";

/** A kind of pure state of qubits, with its own parameters. */
export interface StateKind<P extends { readonly qubits: number }> {
  /** Its name on the command line. */
  readonly name: string;
  /** One line for the list of systems. */
  readonly summary: string;
  /** Its parameters by name, `qubits` included. */
  readonly schema: z.ZodType<P> & { readonly shape: Readonly<Record<string, unknown>> };
  /** The amplitudes of given parameters. */
  create(parameters: P): PureState;
}

/** Maximum number of qubits of a state that has a formula: 16 MB of amplitudes. */
const mostPure = 20;

/** The parameter `qubits`, up to `most`. */
export const qubitsParameter = (most = mostPure): z.ZodType<number> =>
  wholeParameter(1, most, `give a whole number of qubits from 1 to ${most}`);

/** Numbers in a list, as such or as a command line writes them: `0.1,0.2`. */
export const listParameter = (error: string) =>
  z
    .union(
      [
        z.array(z.number()),
        z.number().transform((one) => [one]),
        z.string().transform((text) => text.split(/[,\s]+/).map(Number)),
      ],
      { error },
    )
    .refine((list) => list.length > 0 && list.every(Number.isFinite), { error });
