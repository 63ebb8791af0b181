import { open, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { bytesIn, type NDArray, ndarray } from "../../array.ts";
import { splitHeader, withHeader } from "../../data/formats/header.ts";
import { type Space, siteShape, storageOf } from "../../data/space.ts";
import type { Simulation, SimulationStore } from "../../systems/system.ts";
import { placed, writeFileAtomic } from "../atomic.ts";
import { damaged } from "./damaged.ts";
import { isThere, readIfThere } from "./read-if-there.ts";
import { digestOf, isSealed, RunningDigest, seal, unseal } from "./sealed.ts";
import { type AboutTask, readState, readTask, revived } from "./version-1.ts";

/** The folder as one of its tasks sees it. */
export interface TaskFolder {
  readonly path: string;
  /** What the folder is of; goes into every checksum. */
  readonly request: string;
  /** Whether it may hold files of version 1, which had no checksums. */
  readonly isOld: boolean;
  /** Throws an input error if this process may not write there; makes the folder first if need be. */
  prepare(): Promise<void>;
}

/** What a state is stored with: its rows, the first of a file that may have grown since. */
interface Kept {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The files of task `n`. While it runs, `n.rows` has its rows so far, and `n.state` the state to continue
 * from, the number of bytes of rows that belong to it, and their checksum. Once it is done, `n.x` has its
 * rows and `n.done` the other results, with the checksum of the rows. `n.state` and `n.done` carry a checksum
 * of themselves, of the number and of the request.
 */
export class TaskFiles {
  readonly #folder: TaskFolder;
  readonly #n: number;

  constructor(folder: TaskFolder, n: number) {
    this.#folder = folder;
    this.#n = n;
  }

  /** Where the task keeps its state while it runs; throws an input error for one that is damaged. */
  store(): SimulationStore {
    let digest = new RunningDigest();
    let kept = 0;
    return {
      load: async () => {
        const found = await this.#load();
        if (!found) return undefined;
        digest = new RunningDigest();
        digest.add(found.rows);
        kept = found.rows.length;
        return found;
      },
      save: async (state, rows) => {
        await this.#folder.prepare();
        const file = this.#path("rows");
        if (await isThere(file)) await truncate(file, kept);
        await append(file, rows);
        for (const part of rows) {
          digest.add(part);
          kept += part.length;
        }
        const about: Kept = { bytes: kept, sha256: digest.hex };
        await this.#write("state", withHeader(about, state));
      },
    };
  }

  /** Keeps the result. */
  async keep({ x, chain, ...about }: Simulation): Promise<void> {
    await this.#folder.prepare();
    const rows = bytesIn(x.data);
    await writeFileAtomic(this.#path("x"), rows, { force: true });
    const known: AboutTask = {
      ...about,
      rows: x.shape[0] as number,
      ...(chain && { chain: [...chain.data] }),
    };
    await this.#write(
      "done",
      withHeader({ sha256: digestOf(rows) }, new TextEncoder().encode(JSON.stringify(known))),
    );
    for (const kind of ["state", "rows"] as const) await rm(this.#path(kind), { force: true });
  }

  /** The result if it is kept; `space` is what its rows are of. Throws an input error for one that is damaged. */
  async finished(space: Space): Promise<Simulation | undefined> {
    const found = await this.#finished();
    if (!found) return undefined;
    const { rows, chain, ...about } = found.about;
    const x: NDArray = ndarray(storageOf(space), [rows, ...siteShape(space)]);
    const to = bytesIn(x.data);
    if (found.bytes.length !== to.length || (chain && chain.length !== rows)) throw damaged(this.#path("x"));
    to.set(found.bytes);
    return { ...about, x, ...(chain && { chain: ndarray("i32", [rows], Int32Array.from(chain)) }) };
  }

  async #load(): Promise<{ state: Uint8Array; rows: Uint8Array } | undefined> {
    const path = this.#path("state");
    const bytes = await readIfThere(path);
    if (!bytes) return undefined;
    const rows = (await readIfThere(this.#path("rows"))) ?? new Uint8Array();
    if (this.#folder.isOld && !isSealed(bytes)) {
      const { state, kept } = readState(bytes) ?? throwing(path);
      if (rows.length < kept) throw damaged(this.#path("rows"));
      return { state, rows: rows.subarray(0, kept) };
    }
    const [about, state] = parted<Kept>(unseal(this.#label("state"), bytes) ?? throwing(path));
    const own = rows.subarray(0, about.bytes);
    this.#verify("rows", own, about.sha256);
    return { state, rows: own };
  }

  async #finished(): Promise<{ about: AboutTask; bytes: Uint8Array } | undefined> {
    const path = this.#path("done");
    const sealed = await readIfThere(path);
    if (!sealed) return this.#folder.isOld ? readTask(this.#path("json"), this.#path("rows")) : undefined;
    const [{ sha256 }, text] = parted<Kept>(unseal(this.#label("done"), sealed) ?? throwing(path));
    const bytes = (await readIfThere(this.#path("x"))) ?? new Uint8Array();
    this.#verify("x", bytes, sha256);
    return { about: revived(JSON.parse(new TextDecoder().decode(text)) as AboutTask), bytes };
  }

  #verify(kind: "rows" | "x", bytes: Uint8Array, sha256: string): void {
    if (digestOf(bytes) !== sha256) throw damaged(this.#path(kind));
  }

  #write(kind: "state" | "done", content: Uint8Array): Promise<void> {
    return writeFileAtomic(this.#path(kind), seal(this.#label(kind), content), { force: true });
  }

  #path(kind: "rows" | "state" | "x" | "done" | "json"): string {
    return join(this.#folder.path, `${this.#n}.${kind}`);
  }

  #label(kind: "state" | "done"): string {
    return `${this.#folder.request}\n${this.#n}.${kind}`;
  }
}

const throwing = (path: string): never => {
  throw damaged(path);
};

/** The header of bytes that were sealed whole, and what follows it. */
function parted<H>(sealed: Uint8Array): [H, Uint8Array] {
  const { header, bytes } = splitHeader(sealed) as NonNullable<ReturnType<typeof splitHeader>>;
  return [JSON.parse(header) as H, bytes];
}

async function append(path: string, parts: readonly Uint8Array[]): Promise<void> {
  try {
    const file = await open(path, "a");
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw placed(error, path);
  }
}
