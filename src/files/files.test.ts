import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { writeNpy } from "../data/formats/npy.ts";
import { writeNpz } from "../data/formats/npz.ts";
import { placed } from "./atomic.ts";
import {
  checkWritable,
  loadArray,
  loadDataset,
  memoryLimits,
  readBytes,
  saveArray,
  saveDataset,
  writeFileAtomic,
} from "./index.ts";

let folder = "";
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ansatz-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writeFileAtomic", () => {
  it("writes a file whole and leaves nothing beside it", async () => {
    await mkdir(at("out"));
    await writeFileAtomic(at("out/a.txt"), "one");
    expect(await readFile(at("out/a.txt"), "utf8")).toBe("one");
    expect(await readdir(at("out"))).toEqual(["a.txt"]);
  });

  it("replaces what existed only by force", async () => {
    await expect(writeFileAtomic(at("out/a.txt"), "two")).rejects.toMatchObject({
      code: "input",
      message: `${at("out/a.txt")} exists; use --force to replace it`,
    });
    await expect(checkWritable(at("out"))).rejects.toThrow(`${at("out")} exists; use --force to replace it`);
    expect(await readFile(at("out/a.txt"), "utf8")).toBe("one");
    await writeFileAtomic(at("out/a.txt"), "two", { force: true });
    expect(await readFile(at("out/a.txt"), "utf8")).toBe("two");
    expect(await readdir(at("out"))).toEqual(["a.txt"]);
  });

  it("lets one of several writers win, and the others say so", async () => {
    const writers = Array.from({ length: 8 }, (_, i) => writeFileAtomic(at("raced"), `${i}`.repeat(1000)));
    const done = await Promise.allSettled(writers);
    expect(done.filter((d) => d.status === "fulfilled")).toHaveLength(1);
    const winner = done.findIndex((d) => d.status === "fulfilled");
    expect(await readFile(at("raced"), "utf8")).toBe(`${winner}`.repeat(1000));
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("keeps the permissions of a file that it replaces, and a link to it", async () => {
    await writeFile(at("out/private"), "one");
    await chmod(at("out/private"), 0o600);
    await symlink("private", at("out/link"));
    await writeFileAtomic(at("out/link"), "two", { force: true });
    expect((await lstat(at("out/link"))).isSymbolicLink()).toBe(true);
    expect(await readFile(at("out/private"), "utf8")).toBe("two");
    expect((await stat(at("out/private"))).mode & 0o777).toBe(0o600);
  });

  it("replaces no pipe, no device and no link to nothing, and says so before the work", async () => {
    await symlink("nowhere", at("out/dangling"));
    const paths = [
      "out/dangling",
      ...(spawnSync("mkfifo", [at("out/pipe")]).status === 0 ? ["out/pipe"] : []),
    ];
    const devices = existsSync("/dev/null") ? ["/dev/null"] : [];
    for (const path of [...paths.map(at), ...devices]) {
      const before = (await lstat(path)).mode;
      for (const refused of [
        () => checkWritable(path, { force: true }),
        () => writeFileAtomic(path, "", { force: true }),
      ])
        await expect(refused()).rejects.toMatchObject({
          code: "input",
          message: expect.stringMatching(/ is (not a regular|a link to a) file/),
        });
      expect((await lstat(path)).mode).toBe(before);
    }
  });

  it("removes what a killed process left beside its file, once it is an hour old", async () => {
    const [old, fresh, other] = [
      "out/.swept.0123456789ab.tmp",
      "out/.swept.ba9876543210.tmp",
      "out/.mine.0123456789ab.tmp",
    ].map(at) as [string, string, string];
    for (const path of [old, fresh, other]) await writeFile(path, "cut");
    const before = new Date(Date.now() - 2 * 3_600_000);
    for (const path of [old, other]) await utimes(path, before, before);
    await writeFileAtomic(at("out/swept"), "whole");
    expect([old, fresh, other].map((path) => existsSync(path))).toEqual([false, true, true]);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "fails where the device is full, and what was given is right",
    async () => {
      const full = await writeFile("/dev/full", "x").catch((error: unknown) => error);
      expect(placed(full, "rows.npy")).toMatchObject({
        code: "failure",
        message: "rows.npy: no space left on the device",
      });
    },
  );

  it("says what keeps it from writing", async () => {
    await expect(writeFileAtomic(at("out/a\0b"), "")).rejects.toMatchObject({ code: "input" });
    await expect(writeFileAtomic(at("none/a.txt"), "")).rejects.toThrow(
      `${at("none/a.txt")}: there is no folder ${at("none")}; make it first`,
    );
    await expect(writeFileAtomic(at("out"), "", { force: true })).rejects.toThrow("is a folder");
  });
});

describe("readBytes", () => {
  it.each([
    ["missing.npy", "missing.npy: no such file"],
    ["folder.npy", "folder.npy: is a folder, not a file"],
    ["empty.npy", "empty.npy: the file is empty"],
    ["empty.npy/x", "empty.npy/x: a part of its path is not a folder"],
  ])("refuses %s", async (name, message) => {
    await mkdir(at("folder.npy"), { recursive: true });
    await writeFile(at("empty.npy"), "");
    await expect(readBytes(at(name))).rejects.toMatchObject({ code: "input" });
    await expect(readBytes(at(name))).rejects.toThrow(message);
  });

  it.skipIf(process.getuid?.() === 0)(
    "refuses a file it may not read (skipped for root, who may)",
    async () => {
      await writeFile(at("secret"), "1");
      await chmod(at("secret"), 0);
      await expect(readBytes(at("secret"))).rejects.toThrow("secret: permission denied");
    },
  );

  it("refuses a file larger than the limit by its size alone", async () => {
    const file = await open(at("huge.npy"), "w");
    await file.truncate(5_000_000); // a hole: holds no data
    await file.close();
    await expect(readBytes(at("huge.npy"), { maxBytes: 1e6 })).rejects.toThrow(
      "huge.npy: needs 5.0 MB of memory, more than the 1.0 MB allowed here; give a part of the rows",
    );
    expect(memoryLimits().maxBytes).toBeLessThan(totalmem());
  });
});

describe("loadDataset", () => {
  it("reads back what saveDataset and saveArray write, in every format", async () => {
    const spins = arrayFrom(
      "i32",
      [30, 4],
      Array.from({ length: 120 }, (_, i) => (((i * i) % 7) % 2 ? 1 : -1)),
    );
    const dataset = makeDataset({ arrays: { x: spins } }, "x", { seed: 2 });
    for (const extension of ["npy", "npz", "csv", "data", "txt", "tsv"]) {
      const path = at(`spins.${extension}`);
      await saveDataset(path, dataset);
      const { name, meta, ...back } = await loadDataset({ path }, { seed: 2 });
      expect({ ...back, name: "x" }).toEqual(dataset);
      expect(name).toBe(path);
      expect(meta?.encoding).toBe(extension === "npz" ? "pm1" : undefined);
      await saveArray(at(`array.${extension}`), spins);
      expect([...(await loadArray(at(`array.${extension}`))).data]).toEqual([...spins.data]);
    }
    await expect(saveDataset(at("spins.npy"), dataset)).rejects.toThrow(
      "spins.npy exists; use --force to replace it",
    );
  });

  it("reads a file for each split, and context from its own", async () => {
    await writeFile(at("a.train.data"), "1,0\n1,1\n0,0\n");
    await writeFile(at("a.valid.data"), "1,0\n");
    await writeFile(at("beta.csv"), "0.5\n0.25\n0.5\n1\n");
    const source = { train: at("a.train.data"), valid: at("a.valid.data") };
    const dataset = await loadDataset(source, { context: at("beta.csv") });
    expect([dataset.name, dataset.x.shape]).toEqual(["a.train.data, a.valid.data", [4, 2]]);
    expect(dataset.context).toEqual(arrayFrom("f32", [4, 1], [0.5, 0.25, 0.5, 1]));
    await writeFile(at("a.test.data"), "1,0\n0,2\n");
    await expect(loadDataset({ ...source, test: at("a.test.data") })).rejects.toThrow(
      "a.test.data: row 1, column 1 has the value 2; without a space data must be 0s and 1s, or spins of -1 and +1 (use --space categorical:3)",
    );
    await expect(loadDataset({ train: at("a.train.data"), test: at("a.train.data") })).rejects.toThrow(
      "is given for two splits",
    );
  });

  const claim = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }\n";
  const bad: [string, string | Uint8Array, string][] = [
    ["bad.csv", "0,1\n0,1,1\n", "bad.csv: row 1 (line 2) has 3 columns; the rows before it have 2"],
    ["bad.csv", "0,1\n0,b\n", 'bad.csv: row 1 (line 2), column 1 is "b", not a number'],
    ["bad.csv", "1,0\n0,nan\n", "bad.csv: row 1, column 1 is NaN"],
    [
      "bad.npy",
      writeNpy(arrayFrom("u8", [2, 2], [0, 1, 1, 0])).slice(0, -1),
      "bad.npy: its header claims 4 elements",
    ],
    [
      "bad.npy",
      Uint8Array.of(0x93, ...Buffer.from("NUMPY"), 1, 0, claim.length, 0, ...Buffer.from(claim)),
      "bad.npy: its header claims 1000000000000 elements (8.0 TB) but 0 bytes follow",
    ],
    [
      "bad.npy",
      writeNpy(arrayFrom("u8", [4], [0, 1, 1, 0])),
      "bad.npy: has shape [4]; data is [rows, ...sites]",
    ],
    [
      "bad.npz",
      writeNpz({ arrays: { chain: arrayFrom("i32", [1], [0]) } }),
      "bad.npz: has no array called x or train (it has chain)",
    ],
    ["bad.npz", "PK", "bad.npz: not a whole .npz file"],
    ["bad.h5", "x", 'bad.h5: unknown extension ".h5"; data files end in .npy, .npz, .csv'],
  ];
  it.each(bad)("refuses %s (%#) with its name and the place", async (name, content, message) => {
    await writeFile(at(name), content);
    await expect(loadDataset({ path: at(name) })).rejects.toMatchObject({ code: "input" });
    await expect(loadDataset({ path: at(name) })).rejects.toThrow(message);
  });
});

const shared = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const present = existsSync(shared);

describe(present ? "published data" : "published data: skipped, not on this machine", () => {
  it.skipIf(!present)("reads nltcs", async () => {
    const file = (part: string) => join(shared, `debd/nltcs.${part}.data`);
    const { x, space, splits } = await loadDataset({
      train: file("train"),
      valid: file("valid"),
      test: file("test"),
    });
    expect([x.shape, space.kind]).toEqual([[21574, 16], "binary"]);
    expect([splits.train.length, splits.valid.length, splits.test.length]).toEqual([16181, 2157, 3236]);
  });

  it.skipIf(!present)("reads binarised MNIST in its 28×28 shape", async () => {
    const dataset = await loadDataset(
      { path: join(shared, "mnist/binarized_mnist.npz") },
      { shape: [28, 28] },
    );
    expect([dataset.x.shape, dataset.x.dtype]).toEqual([[70000, 28, 28], "u8"]);
    expect(dataset.splits.test.length).toBe(10000);
  });
});
