import pc from "picocolors";

/** A stream that text is written to: standard output or error, or a test's own. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Output of a command: results to `stdout`, all messages along the way to `stderr`. */
export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** Whether a stream is a person's terminal that can redraw a line. */
export function isTerminal(sink: Sink): boolean {
  return sink.isTTY === true && process.env.TERM !== "dumb";
}

/** Returns colours for a stream: none if it is no terminal or NO_COLOR is set. */
export function coloursOf(sink: Sink): ReturnType<typeof pc.createColors> {
  return pc.createColors(isTerminal(sink) && !process.env.NO_COLOR);
}

/**
 * Text as it may go to a terminal: control characters, which names and messages could carry to move the cursor or more,
 * are written out (`\x1b`); line ends and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => (c === "\n" || c === "\t" ? c : `\\x${hex(c).padStart(2, "0")}`));
}

/** A document as JSON text; control characters that JSON lets stand are escaped too. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(/[^\P{Cc}\n]/gu, (c) => `\\u${hex(c).padStart(4, "0")}`);
}

const hex = (c: string) => c.charCodeAt(0).toString(16);
