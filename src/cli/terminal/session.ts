import { isTerminal, printable, type Streams } from "./output.ts";
import { Progress } from "./progress.ts";

/** Result of a command: a document for `--json`, and the same as text for people. */
export interface Outcome {
  readonly document: unknown;
  readonly text: string;
}

/** One invocation of the command line: what a command may ask of its surroundings. */
export class Session {
  /** The whole command line, as a shell would read it. */
  readonly command: string;
  readonly #streams: Streams;
  #controller: AbortController | undefined;

  constructor(argv: readonly string[], streams: Streams) {
    this.command = ["ansatz", ...argv].map(quote).join(" ");
    this.#streams = streams;
  }

  /** Says something along the way, on standard error. */
  note(text: string): void {
    this.#streams.stderr.write(`${printable(text)}\n`);
  }

  /** The progress of a piece of work, on standard error. */
  progress(label: string): Progress {
    return new Progress(this.#streams.stderr, label);
  }

  /**
   * A signal that Ctrl-C aborts, for work that has something to save first; before the first call Ctrl-C ends the
   * process at once, and so does a second Ctrl-C.
   */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      const stop = () => {
        if (controller.signal.aborted) process.exit(130);
        const { stderr } = this.#streams;
        stderr.write(
          `${isTerminal(stderr) ? "\r\x1b[2K" : ""}stopping; press Ctrl-C again to stop at once\n`,
        );
        controller.abort();
      };
      process.on("SIGINT", stop);
      process.on("SIGTERM", stop);
      this.#release = () => {
        process.off("SIGINT", stop);
        process.off("SIGTERM", stop);
      };
    }
    return this.#controller.signal;
  }

  /** Gives Ctrl-C back its ordinary meaning. */
  close(): void {
    this.#release();
  }

  #release: () => void = () => undefined;
}

/** An argument as a POSIX shell reads it back. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
