import { createRequire } from "node:module";
import { Command, Option } from "commander";
import { usageError } from "../../error.ts";
import type { Flags } from "../commands/command.ts";
import { commands } from "../commands/index.ts";
import { seedFlag } from "../options/flags.ts";
import type { Streams } from "./output.ts";
import type { Outcome, Session } from "./session.ts";

/**
 * The commands of the command line; the one that `argv` names with its arguments and options, the others with their
 * summary alone. `done` takes what the command returned.
 */
export async function buildProgram(
  argv: readonly string[],
  session: Session,
  streams: Streams,
  done: (outcome: Outcome, json: boolean) => void,
): Promise<Command> {
  const program = new Command("ansatz")
    .description(
      "Generative modelling for many-body physics: learn a distribution from samples or from an energy, draw from it, " +
        "evaluate its probabilities, and compare with exact answers.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  ansatz simulate ising --shape 8x8 --beta critical --samples 20000 --seed 1 --out ising.npz\n" +
        "  ansatz fit made ising.npz --out runs/made --epochs 20\n" +
        "  ansatz score runs/made ising.npz\n\n" +
        "Every command takes --json, --seed, --force and --help.",
    );
  settle(program, streams);
  const named = argv.find((argument) => !argument.startsWith("-") && argument !== "help");
  for (const entry of commands) {
    const command = program.command(entry.name).summary(entry.summary);
    settle(command, streams);
    if (entry.name !== named) continue;
    const spec = await entry.load();
    spec.define(command, argv.slice(argv.indexOf(entry.name) + 1));
    addCommonOptions(command);
    const lines = spec.examples.map((example) => `  ansatz ${example}`).join("\n");
    command.addHelpText("after", `\nExample${spec.examples.length > 1 ? "s" : ""}:\n${lines}`);
    command.action(async (...given: unknown[]) => {
      const args = given.slice(0, -2) as (string | undefined)[];
      const flags = command.opts() as Flags;
      if (flags.force === true && flags.resume === true)
        throw usageError("--force replaces a run and --resume continues it; give one of them");
      done(await spec.run(args, flags, session), flags.json === true);
    });
  }
  return program;
}

function addCommonOptions(command: Command): void {
  const has = (name: string) => command.options.some((option) => option.long === name);
  if (!has("--seed"))
    command.addOption(
      new Option("--seed <n>", "seed of every random number (default: 0)").argParser(seedFlag),
    );
  if (!has("--force")) command.option("--force", "replace what exists");
  command
    .option("--json", "print one JSON document instead of text")
    .helpOption("-h, --help", "print this help");
}

/** Errors come back as exceptions and are printed in one place; help goes to the session's own streams. */
function settle(command: Command, { stdout, stderr }: Streams): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    outputError: () => undefined,
    getOutHelpWidth: () => stdout.columns ?? 100,
    getErrHelpWidth: () => stderr.columns ?? 100,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  command.showSuggestionAfterError(true);
}

/** Read from the package, and not through modules that load the engine: `ansatz --help` must be quick. */
function version(): string {
  return (createRequire(import.meta.url)("ansatz/package.json") as { version: string }).version;
}
