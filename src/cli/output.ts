import pc from "picocolors";

/** A stream that text is written to: standard output or error, or a test's own. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Where a command writes: results to `stdout`, everything said along the way to `stderr`. */
export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** Whether a stream is a person's terminal that can redraw a line. */
export function isTerminal(sink: Sink): boolean {
  return sink.isTTY === true && process.env.TERM !== "dumb";
}

/** Colours for a stream: none where it is no terminal or NO_COLOR is set. */
export function coloursOf(sink: Sink): ReturnType<typeof pc.createColors> {
  return pc.createColors(isTerminal(sink) && !process.env.NO_COLOR);
}
