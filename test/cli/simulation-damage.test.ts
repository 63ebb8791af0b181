import { existsSync, renameSync, writeFileSync } from "node:fs";
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { simulateDataset } from "../../src/cli/commands/simulate-dataset.ts";
import { Session } from "../../src/cli/terminal/session.ts";
import { saveDataset } from "../../src/files/index.ts";
import { createSystem } from "../../src/systems/index.ts";
import { ansatz, patient, workFolder } from "./support.ts";

const work = workFolder();
const betas = [0.2, 0.4];
const [samples, chains] = [120, 4];

const command = (out: string, ...more: string[]) => [
  ...["simulate", "ising", "--shape", "4x4", "--beta-range", "0.2", "0.4", "2", "--samples", `${samples}`],
  ...["--replicas", `${chains}`, "--burn-in", "10", "--sweeps", "2", "--algorithm", "metropolis"],
  ...["--threads", "1", "--seed", "7", "--out", out, ...more],
];

/** Runs the simulation on a clock that leaps at every look, so that it keeps its state after every row; `stop` ends it. */
async function simulate(out: string, seed: number, stop: () => boolean): Promise<void> {
  const controller = new AbortController();
  class Stopping extends Session {
    override get signal() {
      return controller.signal;
    }
  }
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    now += 6000;
    if (stop()) controller.abort();
    return now;
  });
  const systems = betas.map((beta) => createSystem("ising", { shape: [4, 4], beta }));
  try {
    await simulateDataset(systems, {
      ...{ samples, chains, seed, algorithm: "metropolis", thinning: 2, burnIn: 10, name: out },
      session: new Stopping([], { stdout: { write: () => true }, stderr: { write: () => true } }),
      kept: { out, resume: false, force: false },
      finish: (made) => saveDataset(out, made),
    });
  } finally {
    clock.mockRestore();
  }
}

/** The rows of the simulation that was never stopped. */
let whole: Buffer;
const rowsOf = (out: string) => readFile(out);

beforeAll(async () => {
  await ansatz(...command(work.at("whole.npy")));
  whole = await rowsOf(work.at("whole.npy"));
  // One task done, one under way; and the same of another seed.
  for (const [name, seed] of [
    ["kept.npy", 7],
    ["other.npy", 8],
  ] as const) {
    const out = work.at(name);
    let looks = 0;
    const stop = () => existsSync(`${out}.partial/1.state`) && looks++ > 12;
    await expect(simulate(out, seed, stop)).rejects.toMatchObject({ code: "interrupted" });
    expect((await readdir(`${out}.partial`)).sort()).toEqual([
      ...["0.done", "0.x", "1.rows", "1.state", "request.json"],
    ]);
  }
}, patient);

let count = 0;
/** A copy of what was kept. */
async function copy(): Promise<{ out: string; at(name: string): string }> {
  const out = work.at(`copy-${count++}.npy`);
  await cp(work.at("kept.npy.partial"), `${out}.partial`, { recursive: true });
  return { out, at: (name) => `${out}.partial/${name}` };
}

type Damage = (path: string) => Promise<void>;

const flip =
  (place: number): Damage =>
  async (path) => {
    const bytes = await readFile(path);
    const at = Math.min(bytes.length - 1, Math.floor(place * bytes.length));
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(path, bytes);
  };
const cut =
  (left: (length: number) => number): Damage =>
  async (path) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, left(bytes.length)));
  };
const damages: Readonly<Record<string, Damage>> = {
  "cut by a byte": cut((n) => n - 1),
  "cut to a half": cut((n) => n >> 1),
  "cut to three bytes": cut(() => 3),
  "made empty": cut(() => 0),
  "a bit flipped in the first byte": flip(0),
  "a bit flipped in the second of eight parts": flip(1 / 8),
  "a bit flipped in the middle": flip(1 / 2),
  "a bit flipped in the last byte": flip(1),
  "all zeros": async (path) => writeFile(path, new Uint8Array((await readFile(path)).length)),
  "a folder": async (path) => {
    await rm(path);
    await mkdir(path);
  },
  "that of another seed": (path) =>
    cp(`${work.at("other.npy.partial")}/${path.slice(path.lastIndexOf("/") + 1)}`, path, { force: true }),
  missing: (path) => rm(path),
};
const files = ["request.json", "0.done", "0.x", "1.state", "1.rows"] as const;

/** Damages after which the rows can be drawn again, so that they are right and nothing need be said. */
const harmless = new Set(["0.done missing", "1.state missing"]);

/** One line, which names the folder, and no word of an internal error. */
function expectOneLine({ code, stderr }: { code: number | null; stderr: string }, out: string): void {
  expect(code).toBe(2);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain(`${out}.partial`);
  expect(stderr).not.toContain("internal");
}

describe.each(files)("what was kept, with %s", (file) => {
  it.each(Object.keys(damages))("%s, gives one line or the right rows", async (name) => {
    const { out, at } = await copy();
    await damages[name]?.(at(file));
    const done = await ansatz(...command(out, "--resume"));
    if (harmless.has(`${file} ${name}`)) {
      expect([done.code, (await rowsOf(out)).equals(whole)]).toEqual([0, true]);
      return;
    }
    expectOneLine(done, out);
    expect(existsSync(out)).toBe(false);
    if (name !== "cut by a byte") return;
    // And begins anew as the line says.
    const again = await ansatz(...command(out, "--force"));
    expect([again.code, (await rowsOf(out)).equals(whole)]).toEqual([0, true]);
    expect(existsSync(`${out}.partial`)).toBe(false);
  });
});

describe("what was kept", () => {
  it.each([
    ["rows of the two tasks", "0.x", "1.rows"],
    ["what is known of the two tasks", "0.done", "1.state"],
  ])("with the %s swapped gives one line", async (_, a, b) => {
    const { out, at } = await copy();
    await rename(at(a), at("aside"));
    await rename(at(b), at(a));
    await rename(at("aside"), at(b));
    expectOneLine(await ansatz(...command(out, "--resume")), out);
  });

  it("with the state of a task under the number of another gives one line", async () => {
    const { out, at } = await copy();
    for (const kind of ["state", "rows"]) await cp(at(`1.${kind}`), at(`0.${kind}`));
    await rm(at("0.done"));
    expectOneLine(await ansatz(...command(out, "--resume")), out);
  });

  it.each([
    [["--seed", "8"], "seed 7, not 8"],
    [["--samples", "121"], "samples 120, not 121"],
    [["--replicas", "5"], "chains 4, not 5"],
    [["--sweeps", "3"], "thinning 2, not 3"],
    [["--burn-in", "11"], "burnIn 10, not 11"],
    [["--algorithm", "wolff"], 'algorithm "metropolis", not "wolff"'],
  ])("is not gone on with %j", async (options, line) => {
    const { out } = await copy();
    const done = await ansatz(...command(out, "--resume", ...options));
    expectOneLine(done, out);
    expect(done.stderr).toContain(line);
  });

  it("goes on to the rows of one never stopped, though more rows were written than the state knows", async () => {
    const { out, at } = await copy();
    await appendFile(at("1.rows"), "rows that a state should have followed");
    expect((await ansatz(...command(out, "--resume"))).code).toBe(0);
    expect((await rowsOf(out)).equals(whole)).toBe(true);
    expect(existsSync(`${out}.partial`)).toBe(false);
  });

  it.each(["--resume", "--force"])("%s leaves what is somebody's", async (option) => {
    const { out, at } = await copy();
    for (const name of ["notes.txt", "2.state.bak", ".1.state.swp"]) await writeFile(at(name), "mine");
    await mkdir(at("3.rows"));
    expect((await ansatz(...command(out, option))).code).toBe(0);
    expect((await rowsOf(out)).equals(whole)).toBe(true);
    expect((await readdir(`${out}.partial`)).sort()).toEqual([
      ...[".1.state.swp", "2.state.bak", "3.rows", "notes.txt"],
    ]);
  });

  it("is not of a simulation where a stranger's folder or file has its name", async () => {
    const [folder, file] = [work.at("folder.npy"), work.at("file.npy")];
    await mkdir(`${folder}.partial`);
    await writeFile(`${folder}.partial/notes.txt`, "mine");
    await writeFile(`${file}.partial`, "mine");
    for (const out of [folder, file])
      for (const option of ["--resume", "--force"]) expectOneLine(await ansatz(...command(out, option)), out);
    expect(await readdir(`${folder}.partial`)).toEqual(["notes.txt"]);
  });

  it("an empty folder is begun in", async () => {
    const out = work.at("empty.npy");
    await mkdir(`${out}.partial`);
    expect((await ansatz(...command(out, "--resume"))).code).toBe(0);
    expect([(await rowsOf(out)).equals(whole), existsSync(`${out}.partial`)]).toEqual([true, false]);
  });

  it.each(["--resume", "--force"])("is left to a live process that has its lock (%s)", async (option) => {
    const { out, at } = await copy();
    await writeFile(at("lock"), `${process.ppid}\n`);
    const done = await ansatz(...command(out, option));
    expectOneLine(done, out);
    expect(done.stderr).toContain(`another simulation (process ${process.ppid}) is working on it`);
    expect((await readdir(`${out}.partial`)).sort()).toEqual([...files, "lock"].sort());
  });
});

describe("what an earlier version kept, without checksums, with", () => {
  const before = fileURLToPath(new URL("../before/fixtures/simulation/chain.npz.partial", import.meta.url));
  const lengths: Readonly<Record<string, readonly [file: string, damage: Damage]>> = {
    "a state cut by a byte": ["1.state", cut((n) => n - 1)],
    "a state cut to its counter": ["1.state", cut(() => 8)],
    "a state without its counter": ["1.state", cut(() => 3)],
    "a counter of 0": ["1.state", async (path) => writeFile(path, (await readFile(path)).fill(0, 0, 8))],
    "a counter that is too large": [
      "1.state",
      async (path) => writeFile(path, (await readFile(path)).fill(1, 0, 8)),
    ],
    "rows cut by a byte": ["1.rows", cut((n) => n - 1)],
    "a result cut by a byte": ["0.json", cut((n) => n - 1)],
    "rows of a result cut by a byte": ["0.rows", cut((n) => n - 1)],
    "rows of a result missing": ["0.rows", (path) => rm(path)],
  };
  it.each(Object.keys(lengths))("%s gives one line", async (name) => {
    const out = work.at(`earlier-${count++}.npz`);
    await cp(before, `${out}.partial`, { recursive: true });
    const [file, damage] = lengths[name]!;
    await damage(`${out}.partial/${file}`);
    const { code, stderr } = await ansatz(
      ...["simulate", "ising", "--shape", "3x3", "--beta-range", "0.2", "0.4", "2", "--samples", "24"],
      ...["--replicas", "2", "--burn-in", "1000", "--sweeps", "1600000", "--algorithm", "metropolis"],
      ...["--seed", "13", "--threads", "1", "--out", out, "--resume"],
    );
    const [note, line, ...more] = stderr.trimEnd().split("\n");
    expect([code, more]).toEqual([2, []]);
    expect(note).toContain("by an earlier version, without checksums");
    expect(line).toMatch(
      /is damaged or missing; start again with --force|does not belong to it .*; start again$/,
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe("two processes", () => {
  afterEach(() => vi.restoreAllMocks());

  it("begun at the same time do not both keep their work in one folder", async () => {
    const out = work.at("two.npy");
    const both = [simulate(out, 7, () => false), simulate(out, 7, () => false)];
    // The second finds the folder that the first has made since both looked.
    const refused = "another simulation is working on it";
    await expect(Promise.all(both)).rejects.toThrow(refused);
    await Promise.allSettled(both);
  });

  it("that lost its lock while it was suspended writes no rows", async () => {
    const out = work.at("lost.npy");
    const theirs = {
      host: "elsewhere",
      pid: 12,
      token: "theirs",
      beats: 7,
      time: "2020-01-01T00:00:00.000Z",
    };
    let isLost = false;
    const stop = () => {
      if (!isLost && existsSync(`${out}.partial/0.state`)) {
        isLost = true;
        writeFileSync(`${out}.theirs`, JSON.stringify(theirs));
        renameSync(`${out}.theirs`, `${out}.partial/lock`);
      }
      return false;
    };
    await expect(simulate(out, 7, stop)).rejects.toThrow(
      `${out}.partial: the simulation was taken over by process 12 on host elsewhere`,
    );
    expect(existsSync(out)).toBe(false);
  });
});
