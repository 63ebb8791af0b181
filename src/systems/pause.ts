import { stopIfAborted } from "../error.ts";

/** Milliseconds of work between two returns to the event loop: short enough for a page to stay alive. */
const slice = 40;

/**
 * A guard to await inside a long loop: it mostly returns at once, but every 40 ms it lets the event loop run,
 * calls `onSlice`, and throws AnsatzError (interrupted) once `signal` is aborted.
 */
export function pauser(
  signal: AbortSignal | undefined,
  stopped: string,
): (onSlice?: () => void) => Promise<void> | undefined {
  let last = performance.now();
  const check = () => stopIfAborted(signal, stopped);
  check();
  return (onSlice) => {
    if (performance.now() - last < slice) return undefined;
    onSlice?.();
    return new Promise<void>((resolve) => setTimeout(resolve, 0)).then(() => {
      last = performance.now();
      check();
    });
  };
}
