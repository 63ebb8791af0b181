import { type Mark, readMark } from "./mark.ts";

/** The times of a lock, in milliseconds, and the clock that measures them. */
export interface LockTimes {
  /** Between two heartbeats of a holder. */
  readonly period: number;
  /** Without a heartbeat after which a holder that cannot be asked for counts as dead. */
  readonly patience: number;
  /** Between two looks at a lock. */
  readonly look: number;
  /** Waiting time after which a note reports the wait. */
  readonly silence: number;
  /** This process's own clock, which only runs forward. */
  now(): number;
  /** Waits that long. */
  sleep(milliseconds: number): Promise<void>;
}

/** The times of a lock unless a caller gives others. */
export const lockTimes: LockTimes = {
  period: 5000,
  patience: 60_000,
  look: 500,
  silence: 2000,
  now: () => performance.now(),
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    }),
};

/** What {@link watchMark} needs to know. */
export interface Watch {
  /** The folder as the user knows it. */
  readonly name: string;
  readonly times: LockTimes;
  /** Takes one line about what is waited for. */
  note(line: string): void;
}

/**
 * Watches a lock that was just read as `text` with `mark` until it changes, for at most `times.patience`. Returns "alive" after a
 * heartbeat, "silent" if there was none, and "changed" if the lock is gone or another's. Only the change counts: the time
 * in a mark is of another machine's clock.
 */
export async function watchMark(
  folder: string,
  { text, mark }: { readonly text: string; readonly mark: Mark },
  { name, times, note }: Watch,
): Promise<"alive" | "silent" | "changed"> {
  let waited = 0;
  let isTold = false;
  while (waited < times.patience) {
    if (!isTold && waited >= times.silence) {
      const most = secondsOf(times.patience);
      note(`${name}: locked by ${holderName(mark)}; waiting up to ${most} for a sign of life from it`);
      isTold = true;
    }
    const from = times.now();
    await times.sleep(Math.min(times.look, times.patience - waited));
    const found = await readMark(folder);
    // A pause of this process itself, as when a laptop sleeps, says nothing about the holder.
    waited += Math.min(times.now() - from, 2 * times.look);
    if (found?.text !== text) return found?.mark?.token === mark.token ? "alive" : "changed";
  }
  return "silent";
}

/** A holder in words: `process 12 on host a`. */
export function holderName({ pid, host }: Mark): string {
  return `process ${pid} on host ${host}`;
}

/** A time in words: `60 s`. */
export function secondsOf(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
