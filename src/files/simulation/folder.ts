import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Space } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import type { Simulation, SimulationStore } from "../../systems/system.ts";
import { codeOf, placed, writeFileAtomic } from "../atomic.ts";
import { type Lock, type LockOptions, takeLock } from "../lock/lock.ts";
import { makeLocked } from "../lock/make-locked.ts";
import { lockName } from "../lock/mark.ts";
import { beginAnew, damaged } from "./damaged.ts";
import { readIfThere } from "./read-if-there.ts";
import { difference, requestText } from "./request.ts";
import { TaskFiles } from "./task-files.ts";

/** Milliseconds of work that are rather done again than kept. */
const worthKeeping = 5000;
/** File that identifies the simulation of a folder. */
const requestName = "request.json";
/** Its files, `json` as version 1 wrote them, and what writes that were cut short leave behind. */
const ownFile = /^\d+\.(rows|state|x|done|json)$/;
const leftOver = /^\.?(lock|request\.json|\d+\.(rows|state|x|done))\.[0-9a-f]{12}\.tmp$/;

/** See {@link SimulationFolder.at}. */
interface SimulationFolderOptions {
  readonly resume: boolean;
  readonly force: boolean;
  /** Takes one line about a lock that is waited for, or files that cannot be checked. */
  readonly note?: ((line: string) => void) | undefined;
}

/**
 * The folder next to a data file in which its simulation keeps rows and states while it runs: `request.json`
 * identifies the simulation, {@link TaskFiles} has the files of a task, `lock` the process that works on it.
 * It comes to exist after some seconds of work. Other files in it belong to somebody else, and stay.
 */
export class SimulationFolder {
  /** Where the folder lies. */
  readonly path: string;
  readonly #request: object;
  readonly #lockOptions: LockOptions;
  readonly #began = performance.now();
  /** The content of `request.json`; that of an earlier version if it was found. */
  #text: string;
  #isOld = false;
  #lock: Lock | undefined;
  #made: Promise<void> | undefined;
  readonly #writing = new Set<Promise<void>>();

  private constructor(out: string, request: object, note: SimulationFolderOptions["note"]) {
    this.path = `${out}.partial`;
    this.#request = request;
    this.#text = requestText(request);
    this.#lockOptions = { of: "simulation", note };
  }

  /**
   * Returns the folder of the data file `out`, for the simulation that `request` describes, locked for this
   * process if it exists.
   *
   * @throws AnsatzError: input if there is one and neither `resume` nor `force` is set, if another process
   * works on it, if it is damaged or not of a simulation; usage if it is that of another simulation and is to
   * be resumed.
   */
  static async at(
    out: string,
    request: object,
    { resume, force, note }: SimulationFolderOptions,
  ): Promise<SimulationFolder> {
    const folder = new SimulationFolder(out, request, note);
    const { path } = folder;
    const names = await namesIn(path);
    if (!names) return folder;
    const isOf = names.includes(requestName) || names.some((name) => ownFile.test(name));
    if (!isOf && names.some((name) => name !== lockName && !leftOver.test(name)))
      throw inputError(
        `${path} is in the way and does not belong to a simulation; move it, or write to another file`,
      );
    if (isOf && !resume && !force)
      throw inputError(
        `${path} holds an unfinished simulation; continue with --resume, or start again with --force`,
      );
    folder.#lock = (await takeLock(path, path, folder.#lockOptions)).keep();
    try {
      await folder.#sweep((name) => leftOver.test(name));
      if (resume && isOf) await folder.#goOn(note);
      else await folder.#clear();
    } catch (error) {
      await folder.close();
      throw error;
    }
    return folder;
  }

  /** Whether something is kept. */
  get exists(): boolean {
    return this.#made !== undefined;
  }

  /** Where task `n` keeps its state. */
  store(n: number): SimulationStore {
    const { load, save } = this.#task(n).store();
    return { load, save: (state, rows) => this.#tracked(save(state, rows)) };
  }

  /** Keeps the result of task `n`, unless it would take only seconds to have it again. */
  async keep(n: number, simulation: Simulation): Promise<void> {
    if (!this.exists && performance.now() - this.#began < worthKeeping) return;
    await this.#tracked(this.#task(n).keep(simulation));
  }

  /** The result of task `n` if it is kept; `space` is what its rows are of. Throws an input error for a damaged one. */
  finished(n: number, space: Space): Promise<Simulation | undefined> {
    return this.#task(n).finished(space);
  }

  /** Throws an input error if another process has taken this simulation over: ask before its rows are written. */
  async check(): Promise<void> {
    await this.#lock?.check();
  }

  /** Takes away what is kept, once it is of no use. */
  async remove(): Promise<void> {
    await this.check();
    if (this.#lock) await this.#clear();
  }

  /** Lets other processes work on it, once what is being written is there; an empty folder goes. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#writing);
    if (!this.#lock) return;
    await this.#lock.release();
    this.#lock = undefined;
    await rmdir(this.path).catch(() => undefined); // somebody's files, or a simulation to go on with
  }

  /** Checks that what was found is of the request. */
  async #goOn(note: SimulationFolderOptions["note"]): Promise<void> {
    const where = join(this.path, requestName);
    const bytes = await readIfThere(where);
    const found = new TextDecoder().decode(bytes);
    const first = requestText(this.#request, 1);
    if (found !== this.#text && found !== first) {
      const other = difference(found, this.#text);
      if (other === undefined) throw damaged(where);
      throw usageError(`${this.path} is of another simulation (${other}); ${beginAnew}`);
    }
    this.#isOld = found === first;
    if (this.#isOld)
      note?.(`${this.path} was begun by an earlier version, without checksums; only lengths can be checked`);
    this.#text = found;
    this.#made = Promise.resolve();
  }

  /** Removes all its own files except the lock; the request last, since it identifies the rest. */
  async #clear(): Promise<void> {
    await this.#sweep((name) => ownFile.test(name) || leftOver.test(name));
    await this.#sweep((name) => name === requestName);
    this.#made = undefined;
  }

  async #sweep(isGone: (name: string) => boolean): Promise<void> {
    for (const entry of await readdir(this.path, { withFileTypes: true }))
      if (entry.isFile() && isGone(entry.name)) await rm(join(this.path, entry.name), { force: true });
  }

  #task(n: number): TaskFiles {
    return new TaskFiles(
      {
        path: this.path,
        request: this.#text,
        isOld: this.#isOld,
        prepare: async () => {
          await this.#make();
          await this.check();
        },
      },
      n,
    );
  }

  #make(): Promise<void> {
    this.#made ??= (async () => {
      const write = (path: string) => writeFileAtomic(join(path, requestName), this.#text, { force: true });
      if (this.#lock) return write(this.path);
      this.#lock = await makeLocked(this.path, write, {
        ...this.#lockOptions,
        name: this.path,
        taken: () => inputError(`${this.path}: another simulation is working on it; write to another file`),
      });
    })();
    return this.#made;
  }

  async #tracked(writing: Promise<void>): Promise<void> {
    this.#writing.add(writing);
    await writing.finally(() => this.#writing.delete(writing));
  }
}

/** Names in a folder, or undefined if it does not exist; throws an input error for a file. */
async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ENOTDIR")
      throw inputError(
        `${path} is a file, but the simulation needs a folder there; move it, or write to another file`,
      );
    throw placed(error, path);
  }
}
