import type { Command } from "commander";
import type { Outcome, Session } from "../terminal/session.ts";

/** Options as commander collected them, by camel-case name. */
export type Flags = Readonly<Record<string, unknown>>;

/** One command: its arguments and options, examples for its help, and what it does. */
export interface CommandSpec {
  /** Adds a description, arguments and options to an empty command; `words` are those that were typed after its name. */
  define(command: Command, words: readonly string[]): void;
  /** Command lines without the leading `ansatz`, at least one. */
  readonly examples: readonly string[];
  run(args: readonly (string | undefined)[], flags: Flags, session: Session): Promise<Outcome>;
}
