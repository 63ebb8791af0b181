import { appendFile, mkdir, open, readdir, readFile, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { type NDArray, ndarray } from "../array.ts";
import { type Space, siteShape, storageOf } from "../data/space.ts";
import { inputError, usageError } from "../error.ts";
import type { Simulation, SimulationStore } from "../systems/system.ts";
import { codeOf, placed, writeFileAtomic } from "./atomic.ts";

/** Version of what the folder holds. */
const version = 1;
/** Milliseconds of work that are rather done again than kept. */
const worthKeeping = 5000;

/**
 * The folder beside a data file in which its simulation keeps rows and states while it runs: `request.json` says which
 * simulation it is; task n has its rows in `n.rows`, the state it goes on from in `n.state`, and, once it is done, what
 * is known of it in `n.json`. It comes to exist after some seconds of work.
 */
export class SimulationFolder {
  readonly path: string;
  readonly #request: string;
  readonly #began = performance.now();
  #made: Promise<void> | undefined;

  private constructor(out: string, request: unknown) {
    this.path = `${out}.partial`;
    this.#request = JSON.stringify({ version, ...(request as object) });
  }

  /**
   * The folder of the data file `out`, for the simulation that `request` describes.
   *
   * @throws AnsatzError: input where there is one and neither `resume` nor `force` is set; usage where it is that of another
   * simulation and is to be resumed.
   */
  static async at(
    out: string,
    request: unknown,
    { resume, force }: { readonly resume: boolean; readonly force: boolean },
  ): Promise<SimulationFolder> {
    const folder = new SimulationFolder(out, request);
    const { path } = folder;
    const found = await readIfThere(join(path, "request.json"));
    if (!found && !(await isThere(path))) return folder;
    if (resume && found) {
      const before = new TextDecoder().decode(found);
      if (before !== folder.#request)
        throw usageError(
          `${path} is of another simulation (${difference(before, folder.#request)}); ${anew}`,
        );
      folder.#made = Promise.resolve();
      return folder;
    }
    if (!resume && !force)
      throw inputError(`${path} holds a simulation that has not ended; go on with --resume, ${anew}`);
    if (!found && (await readdir(path)).length > 0)
      throw inputError(`${path} is in the way, and not of a simulation; move it, or write to another file`);
    await rm(path, { recursive: true, force: true });
    return folder;
  }

  /** Whether something is kept. */
  get exists(): boolean {
    return this.#made !== undefined;
  }

  /** Where task `n` keeps its state. */
  store(n: number): SimulationStore {
    let kept = 0;
    return {
      load: async () => {
        const bytes = await readIfThere(this.#file(n, "state"));
        if (!bytes) return undefined;
        // The state says how many bytes of rows it goes with: more may have been written before a stop.
        kept = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
        const rows = await readIfThere(this.#file(n, "rows"));
        if (!rows || rows.length < kept)
          throw inputError(`${this.#file(n, "rows")} is shorter than its state says; ${anew}`);
        return { state: bytes.subarray(8), rows: rows.subarray(0, kept) };
      },
      save: async (state, rows) => {
        await this.#make();
        const file = this.#file(n, "rows");
        if (await isThere(file)) await truncate(file, kept);
        for (const part of rows) await append(file, part);
        await flush(file);
        kept += rows.reduce((sum, part) => sum + part.length, 0);
        const bytes = new Uint8Array(8 + state.length);
        new DataView(bytes.buffer).setBigUint64(0, BigInt(kept), true);
        bytes.set(state, 8);
        await writeFileAtomic(this.#file(n, "state"), bytes, { force: true });
      },
    };
  }

  /** Keeps the result of task `n`, unless it would take only seconds to have it again. */
  async keep(n: number, simulation: Simulation): Promise<void> {
    if (!this.exists && performance.now() - this.#began < worthKeeping) return;
    await this.#make();
    const { x, chain, ...about } = simulation;
    const { buffer, byteOffset, byteLength } = x.data;
    await writeFileAtomic(this.#file(n, "rows"), new Uint8Array(buffer, byteOffset, byteLength), {
      force: true,
    });
    const known = { ...about, rows: x.shape[0], chain: chain && [...chain.data] };
    await writeFileAtomic(this.#file(n, "json"), JSON.stringify(known), { force: true });
  }

  /** The result of task `n` where it is kept; `space` is what its rows are of. */
  async finished(n: number, space: Space): Promise<Simulation | undefined> {
    const text = await readIfThere(this.#file(n, "json"));
    const bytes = text && (await readIfThere(this.#file(n, "rows")));
    if (!bytes) return undefined;
    const { rows, chain, ...about } = JSON.parse(new TextDecoder().decode(text)) as Omit<
      Simulation,
      "x" | "chain"
    > & { rows: number; chain?: number[] };
    const x: NDArray = ndarray(storageOf(space), [rows, ...siteShape(space)]);
    const { buffer, byteOffset, byteLength } = x.data;
    if (bytes.length !== byteLength) throw inputError(`${this.#file(n, "rows")} is damaged; ${anew}`);
    new Uint8Array(buffer, byteOffset, byteLength).set(bytes);
    return {
      ...about,
      // JSON knows no NaN.
      tau: about.tau ?? Number.NaN,
      energy: { ...about.energy, error: about.energy.error ?? Number.NaN },
      x,
      ...(chain && { chain: ndarray("i32", [rows], Int32Array.from(chain)) }),
    };
  }

  /** Takes the folder away. */
  async remove(): Promise<void> {
    if (this.exists) await rm(this.path, { recursive: true, force: true });
  }

  #file(n: number, kind: "rows" | "state" | "json"): string {
    return join(this.path, `${n}.${kind}`);
  }

  #make(): Promise<void> {
    this.#made ??= (async () => {
      await mkdir(this.path, { recursive: true });
      await writeFileAtomic(join(this.path, "request.json"), this.#request, { force: true });
    })();
    return this.#made;
  }
}

const anew = "or begin anew with --force";

/** The first field in which two requests differ. */
function difference(before: string, now: string): string {
  const [a, b] = [before, now].map((text) => JSON.parse(text) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const key = Object.keys({ ...a, ...b }).find((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
  if (key === undefined) return "of another version";
  const shown = (value: unknown) => {
    const text = JSON.stringify(value) ?? "none";
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
  };
  return `${key} ${shown(a[key])}, not ${shown(b[key])}`;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw placed(error, path);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function append(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await appendFile(path, bytes);
  } catch (error) {
    throw placed(error, path);
  }
}

/** Makes what was written survive a crash of the machine. */
async function flush(path: string): Promise<void> {
  const file = await open(path, "a");
  await file.sync();
  await file.close();
}
