/**
 * The kind of an error: `input` is a file or value the user gave (exit 2), `usage` a call or option that is
 * not possible (exit 2), `failure` something that broke while working (exit 1), `interrupted` a stop that was
 * asked for (exit 130).
 */
export type ErrorCode = "input" | "usage" | "failure" | "interrupted";

/**
 * The one error Ansatz throws on purpose. The message says what is wrong, where (file, row, column, argument)
 * and what to do, in one lower-case line: `ising.npy: row 17 has the value 2; a binary space holds 0 or 1`.
 */
export class AnsatzError extends Error {
  /** Whose hand it was, from which the exit code of a command follows. */
  readonly code: ErrorCode;

  /**
   * Makes an error; values that `message` repeats are cut at 200 characters.
   *
   * @param code - the kind of error
   * @param message - what is wrong, where, and what to do, in one lower-case line
   * @param options - the error that led to this one
   */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(abridged(message), options);
    this.name = "AnsatzError";
    this.code = code;
  }
}

/** An {@link AnsatzError} about a file or a value the user gave. */
export function inputError(message: string, cause?: unknown): AnsatzError {
  return new AnsatzError("input", message, { cause });
}

/** An {@link AnsatzError} about a call, an option or an argument. */
export function usageError(message: string): AnsatzError {
  return new AnsatzError("usage", message);
}

/** Throws an {@link AnsatzError} (interrupted) with `message` once `signal` is aborted, its reason the cause. */
export function stopIfAborted(signal: AbortSignal | undefined, message: string): void {
  if (signal?.aborted) throw new AnsatzError("interrupted", message, { cause: signal.reason });
}

/** The characters of a value that an error shows. */
const shown = 200;
/** Text between quotation marks, which are no apostrophes, and words: names, numbers, paths. */
const long = new RegExp(`((?<!\\w)'[^']{${shown}})[^']+('(?!\\w))|(\\S{${shown}})\\S*[^\\s;:,.)]`, "gu");

/** A message with every quoted text and every word cut at 200 characters. */
export function abridged(message: string): string {
  return message.replace(long, (_, quoted = "", mark = "", word = "") => `${quoted}${word}…${mark}`);
}
