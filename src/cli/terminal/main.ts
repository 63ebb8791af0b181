import { AnsatzError, abridged, type ErrorCode } from "../../error.ts";
import { placed } from "../../files/atomic.ts";
import { coloursOf, jsonText, printable, type Streams } from "./output.ts";
import { buildProgram } from "./program.ts";
import { type Outcome, Session } from "./session.ts";

const exitCodes: Record<ErrorCode, number> = { input: 2, usage: 2, failure: 1, interrupted: 130 };

/**
 * Runs the command line `argv` (without the interpreter and the script) and returns the exit code: 0 for success, 2
 * for bad input, 1 for a failure, 130 if interrupted. Results go to standard output, messages and progress to standard
 * error; an error is one line.
 */
export async function main(argv: readonly string[], streams: Streams = process): Promise<number> {
  const session = new Session(argv, streams);
  endWithReader();
  try {
    const { outcome, json } = await runProgram(argv, session, streams);
    if (outcome) streams.stdout.write(`${json ? jsonText(outcome.document) : printable(outcome.text)}\n`);
    return 0;
  } catch (error) {
    return complain(error, streams);
  } finally {
    session.close();
  }
}

let guarded = false;

/**
 * Handles a closed output: the reader of our results may have stopped reading (`ansatz score ... | head`),
 * and then nothing is left to print. Results that cannot be written for another reason, such as a full disk,
 * are a failure. Messages along the way may be lost: work never depends on whether anyone watches.
 */
function endWithReader(): void {
  if (guarded) return;
  guarded = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    process.exit(complain(new AnsatzError("failure", messageOf(placed(error, "standard output"))), process));
  });
  process.stderr.on("error", () => undefined);
}

async function runProgram(
  argv: readonly string[],
  session: Session,
  streams: Streams,
): Promise<{ outcome?: Outcome; json: boolean }> {
  let result: { outcome?: Outcome; json: boolean } = { json: false };
  const program = await buildProgram(argv, session, streams, (outcome, json) => {
    result = { outcome, json };
  });
  const [first, ...rest] = argv;
  const given = argv.length === 0 ? ["--help"] : first === "help" ? [...rest, "--help"] : [...argv];
  await program.parseAsync(given, { from: "user" });
  return result;
}

function complain(error: unknown, { stderr }: Streams): number {
  const { code, message } = describe(error);
  if (message !== undefined)
    stderr.write(
      `${coloursOf(stderr).red("ansatz:")} ${printable(message.replace(/\s*\n\s*/g, " ").trim())}\n`,
    );
  if (process.env.ANSATZ_DEBUG && error instanceof Error && code !== 0) {
    stderr.write(`${printable(error.stack ?? "")}\n`);
    if (error.cause instanceof Error) stderr.write(`caused by ${printable(error.cause.stack ?? "")}\n`);
  }
  return code;
}

function describe(error: unknown): { code: number; message?: string } {
  if (error instanceof AnsatzError) return { code: exitCodes[error.code], message: error.message };
  // Commander's own errors carry a code such as commander.unknownOption, and exit code 0 after help or version.
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof Error && typeof code === "string" && code.startsWith("commander.")) {
    if ((error as Error & { exitCode?: number }).exitCode === 0) return { code: 0 };
    return { code: 2, message: abridged(commanderMessage(error.message)) };
  }
  const lack = lackOf(error);
  if (lack) return { code: 1, message: `${lack} (${messageOf(error)})` };
  return { code: 1, message: `internal error: ${messageOf(error)}; set ANSATZ_DEBUG=1 for the trace` };
}

/** What the machine, or the limits of this process, did not have enough of; undefined for other errors. */
function lackOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof RangeError && /alloc|array length|buffer/i.test(error.message))
    return "not enough memory for what was asked for; ask for less";
  if (code === "EMFILE" || code === "ENFILE") return "too many files are open; allow more (ulimit -n)";
  if (code === "ERR_MODULE_NOT_FOUND")
    return "a part of ansatz could not be read; allow more open files (ulimit -n), or install it again";
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `error: unknown option '--ot'\n(Did you mean --out?)` in the one-line form of all errors. */
function commanderMessage(message: string): string {
  return message.replace(/^error: /, "").replace(/\s*\(Did you mean (.+?)\?\)/, "; did you mean $1?");
}
