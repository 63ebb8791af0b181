import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { type AnsatzError, inputError } from "../../error.ts";
import { codeOf, placed, writeFileAtomic } from "../atomic.ts";
import { type FoundMark, formatMark, lockPath, type Mark, readMark } from "./mark.ts";
import { isAlive, isBeside, ownIdentity } from "./process-identity.ts";
import { holderName, type LockTimes, lockTimes, secondsOf, watchMark } from "./watch.ts";

/** How a lock is taken. */
export interface LockOptions {
  /** Takes one line when a lock is waited for, and when it is taken over from a process that cannot be asked for. */
  readonly note?: ((line: string) => void) | undefined;
  /** Other times than `lockTimes`. */
  readonly times?: Partial<LockTimes> | undefined;
  /** What the folder is of, for messages (default: a run). */
  readonly of?: LockedThing | undefined;
}

/** What a folder with a lock may be of. */
export type LockedThing = "run" | "simulation";

/** What a process that holds the lock is at. */
const workOn: Readonly<Record<LockedThing, string>> = { run: "fit", simulation: "simulation" };

/** The lock of a folder in the hands of this process. */
export class Lock {
  readonly #name: string;
  readonly #times: LockTimes;
  readonly #of: LockedThing;
  #folder: string;
  #mark: Mark;
  #timer: ReturnType<typeof setInterval> | undefined;
  #beat: Promise<void> | undefined;

  /** Makes a lock from a file that has just been written with `mark`; see {@link takeLock}. */
  constructor(folder: string, name: string, mark: Mark, times: LockTimes, of: LockedThing = "run") {
    this.#folder = folder;
    this.#name = name;
    this.#mark = mark;
    this.#times = times;
    this.#of = of;
  }

  /**
   * Renews the heartbeat from now on; `folder` is the present place of the locked folder. Does not keep the
   * process from ending.
   */
  keep(folder = this.#folder): this {
    this.#folder = folder;
    this.#timer = setInterval(() => {
      this.#beat ??= this.#renew().finally(() => {
        this.#beat = undefined;
      });
    }, this.#times.period).unref();
    return this;
  }

  /** Whether the lock is still this one; if not, another process has taken over. */
  async isOwn(): Promise<boolean> {
    return (await this.#found())?.mark?.token === this.#mark.token;
  }

  /** Throws an input error if the lock is no longer this one: ask before every write. */
  async check(): Promise<void> {
    const found = await this.#found();
    if (found?.mark?.token === this.#mark.token) return;
    clearInterval(this.#timer);
    const by = found?.mark
      ? `the ${this.#of} was taken over by ${holderName(found.mark)}`
      : found
        ? `the ${this.#of} was taken over by ${found.pid > 0 ? `process ${found.pid}` : "another process"}`
        : "its lock was removed, or taken over by a process that has ended";
    throw inputError(`${this.#name}: ${by}; this process no longer writes to it`);
  }

  /** Ends the heartbeat and removes the lock, unless it is another's by now. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beat;
    const found = await readMark(this.#folder);
    if (found?.mark?.token === this.#mark.token) await rm(lockPath(this.#folder), { force: true });
  }

  /** The lock file; one that is missing is looked for twice, as who finds a fresh lock in place of a dead one puts it back. */
  async #found(): Promise<FoundMark | undefined> {
    const found = await readMark(this.#folder);
    if (found) return found;
    await this.#times.sleep(this.#times.look);
    return readMark(this.#folder);
  }

  /** One heartbeat. The token is read between writing the file and giving it its name, to overwrite no other's lock. */
  async #renew(): Promise<void> {
    const path = lockPath(this.#folder);
    const beside = asideOf(path);
    const mark = { ...this.#mark, beats: this.#mark.beats + 1, time: new Date().toISOString() };
    try {
      await writeFile(beside, formatMark(mark), { flag: "wx" });
      if ((await readMark(this.#folder))?.mark?.token === mark.token) {
        await rename(beside, path);
        this.#mark = mark;
      }
    } catch {
      // A disk that is full or away for a while costs a heartbeat; the next one tries again.
    } finally {
      await rm(beside, { force: true }).catch(() => undefined);
    }
  }
}

/**
 * Locks a folder for this process, with a file that comes to exist with its content or not at all; its heartbeat
 * begins with {@link Lock.keep}. The lock of a dead process is taken over, as {@link clearLock} finds it. Throws an input
 * error while another process works on the folder; `name` is the folder as the user knows it.
 */
export async function takeLock(folder: string, name = folder, options: LockOptions = {}): Promise<Lock> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await clearLock(folder, name, options);
    const token = randomBytes(16).toString("hex");
    const mark = { ...(await ownIdentity()), token, beats: 0, time: new Date().toISOString() };
    try {
      await writeFileAtomic(lockPath(folder), formatMark(mark));
      return new Lock(folder, name, mark, { ...lockTimes, ...options.times }, options.of);
    } catch (error) {
      // Somebody else was quicker; whoever it is, the next look tells.
      if ((await readMark(folder)) === undefined) throw error;
    }
  }
  throw inputError(`${name}: other ${workOn[options.of ?? "run"]}s are about to start there`);
}

/**
 * Removes the lock of a dead process from a folder, and throws an input error while a live one works on it. A
 * process in the same place (same host, boot and process namespace) is looked up by its number and start
 * time. One elsewhere is dead if its heartbeat does not change for a minute.
 */
export async function clearLock(folder: string, name = folder, options: LockOptions = {}): Promise<void> {
  const times = { ...lockTimes, ...options.times };
  const note = options.note ?? (() => undefined);
  const work = workOn[options.of ?? "run"];
  for (;;) {
    const found = await readMark(folder);
    if (!found) return;
    const { text, pid, mark } = found;
    const own = await ownIdentity();
    if (!mark || isBeside(own, mark)) {
      if (await isAlive(mark ?? { pid })) throw busy(name, pid, work);
      if (await removeDead(folder, text)) return;
      continue;
    }
    const seen = await watchMark(folder, { text, mark }, { name, times, note });
    if (seen === "alive") {
      const isNear = own.host === mark.host && own.boot === mark.boot;
      const where = isNear ? `${holderName(mark)}, in another process namespace` : holderName(mark);
      throw inputError(
        `${name}: another ${work} (${where}) is working on it; stop it there, or wait until it ends`,
      );
    }
    if (seen === "silent" && (await removeDead(folder, text))) {
      const lasting = secondsOf(times.patience);
      note(`${name}: taken over from ${holderName(mark)}, which has given no sign of life for ${lasting}`);
      return;
    }
  }
}

/** Whether a folder has the lock of a process that can be asked for and has ended. */
export async function isOfDead(folder: string): Promise<boolean> {
  const found = await readMark(folder);
  return (
    found?.mark !== undefined && isBeside(await ownIdentity(), found.mark) && !(await isAlive(found.mark))
  );
}

/**
 * Removes a lock file that holds `text`, and returns whether it was there. It is moved first, so that nobody's fresh lock
 * or heartbeat is lost.
 */
async function removeDead(folder: string, text: string): Promise<boolean> {
  const path = lockPath(folder);
  const aside = asideOf(path);
  try {
    await rename(path, aside);
    const isDead = (await readFile(aside, "utf8")) === text;
    if (isDead) await rm(aside, { force: true });
    else await rename(aside, path);
    return isDead;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw placed(error, path);
  }
}

/** A name next to a lock file that `sweep` treats as a leftover. */
const asideOf = (path: string) => `${path}.${randomBytes(6).toString("hex")}.tmp`;

function busy(name: string, pid: number, work: string): AnsatzError {
  return inputError(
    `${name}: another ${work} (process ${pid}) is working on it; if that process is not a ${work}, remove ${lockPath(name)}`,
  );
}
