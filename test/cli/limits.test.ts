import { spawn, spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import type { DatasetMeta } from "../../src/data/meta.ts";
import { binary } from "../../src/data/space.ts";
import { loadArray, loadDataset, memoryLimits, saveArray } from "../../src/files/index.ts";
import { ansatz, patient, script, workFolder } from "./support.ts";

const { at } = workFolder();

const rows = Array.from({ length: 60 }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1].join(" ")).join("\n");

// What becomes of a fit does not depend on whether anyone reads what it says.
/** A fit whose errors go where `stderr` says; the record of its run at its end, and its exit code. */
async function fitTo(name: string, stderr: "pipe" | number) {
  await writeFile(at("bits.txt"), `${rows}\n`);
  const args = ["fit", "made", at("bits.txt"), "--set", "hidden=4", "--epochs", "3", "--out", at(name)];
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", stderr] });
  // Nobody reads from the start on.
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject).on("exit", resolve);
  });
  const { result } = JSON.parse(await readFile(at(`${name}/model.json`), "utf8")) as { result?: unknown };
  return { code, ended: result !== undefined, locked: existsSync(at(`${name}/lock`)) };
}

test("a fit whose reader is gone goes on to its end", { timeout: patient }, async () => {
  expect(await fitTo("piped", "pipe")).toEqual({ code: 0, ended: true, locked: false });
});

test.skipIf(!existsSync("/dev/full"))(
  "a fit whose messages cannot be kept too",
  { timeout: patient },
  async () => {
    expect(await fitTo("full", openSync("/dev/full", "w"))).toEqual({ code: 0, ended: true, locked: false });
  },
);

test("a value in an error is cut at 200 characters", async () => {
  const long = "x".repeat(5000);
  for (const argv of [
    ["fit", long, "x.npy", "--out", at("none")],
    ["simulate", "ising", `--${long}`],
    ["simulate", "ising", "--shape", "2x2", "--samples", `1 ${"2 ".repeat(1000)}`, "--out", at("none.npz")],
  ]) {
    const { code, stderr } = await ansatz(...argv);
    expect(code).toBe(2);
    expect(stderr.length).toBeLessThan(500);
    expect(stderr).toContain("…");
  }
});

test("rows and chains that memory has no room for are refused at once, with the largest number that would do", async () => {
  const argv = ["simulate", "ising", "--shape", "2x2", "--beta", "0.4", "--out", at("none.npz")];
  const rows = await ansatz(...argv, "--samples", "1e12");
  // One array holds the rows of 4 bytes: 2^31 bytes of them, if memory has room for as many.
  const most = Math.floor(Math.min(memoryLimits().maxBytes, 2 ** 31) / 4);
  expect(rows.stderr).toMatch(/^ansatz: --samples 1000000000000 takes .*; give at most \d+\n$/);
  expect(rows.stderr).toContain(`give at most ${most}\n`);
  // The rows fit, a chain for each of them does not.
  const some = String(Math.floor(memoryLimits().maxBytes / 40));
  const chains = await ansatz(...argv, "--samples", some, "--replicas", some);
  expect(chains.stderr).toMatch(/^ansatz: --replicas \d+ takes .*; give at most \d+\n$/);
  expect([rows.code, chains.code]).toEqual([2, 2]);
});

test("chains that would have no row are refused, with the largest number that would do", async () => {
  const argv = ["simulate", "ising", "--shape", "2x2", "--samples", "1000", "--out", at("none.npz")];
  const hidden = await ansatz(...argv, "--beta", "0.4", "--chains", "1e12");
  expect(hidden).toMatchObject({
    code: 2,
    stderr:
      "ansatz: --chains: 1000000000000 chains are more than the 1000 rows; give at most 1000, or more --samples\n",
  });
  const range = await ansatz(...argv, "--beta-range", "0.3", "0.6", "16", "--replicas", "128");
  expect(range).toMatchObject({ code: 2, stderr: expect.stringContaining("give at most 62, or more") });
});

test("demo simulates as many rows as it is asked for, if they fit", async () => {
  const { code, stderr } = await ansatz("demo", "--rows", "1e12", "--out", at("demo"));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^ansatz: --rows 1000000000000 takes .*; give at most \d+\n$/);
});

test("too many temperatures are refused at once, and an inverse coupling that moves nothing", async () => {
  const out = ["--out", at("none.npz")];
  const range = ["simulate", "ising", "--shape", "2x2", "--beta-range", "0.3", "0.6", "1e9", ...out];
  expect((await ansatz(...range)).stderr).toMatch(/ temperatures are too many; give at most 10000\n$/);
  const cold = await ansatz("simulate", "u1", "--shape", "2x2", "--beta", "1e300", ...out);
  expect(cold).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/beta: give a number from -1000000 to /),
  });
});

/** Rows of ±1 of a system that their file names. */
async function ownFile(name: string, system: string): Promise<string> {
  const [rows, sites] = [200, 9];
  const x = arrayFrom(
    "i32",
    [rows, 3, 3],
    Array.from({ length: rows * sites }, (_, i) => (((i * 2654435761) >>> 9) & 1) * 2 - 1),
  );
  const meta: DatasetMeta = {
    version: 1,
    space: binary([3, 3]),
    encoding: "pm1",
    system: { name: system, parameters: { shape: [3, 3], beta: 0.4 } },
  };
  await saveArray(at(name), x, { meta, force: true });
  return at(name);
}

const small = ["--set", "hidden=4", "--epochs", "1"];

test("sample --metropolis writes spins of -1 and +1 for a run of such", { timeout: patient }, async () => {
  const data = await ownFile("known.npz", "ising");
  expect((await ansatz("fit", "made", data, ...small, "--out", at("known"))).code).toBe(0);
  const argv = ["sample", at("known"), "--metropolis", "-n", "40", "--out", at("drawn.npz")];
  expect((await ansatz(...argv)).code).toBe(0);
  const drawn = await loadArray(at("drawn.npz"));
  expect([...new Set(Array.from(drawn.data as ArrayLike<number>))].sort()).toEqual([-1, 1]);
  expect((await loadDataset({ path: at("drawn.npz") })).encoding).toBe("pm1");
});

test("data of a system that is not known here is fitted, scored and reported on", {
  timeout: patient,
}, async () => {
  const data = await ownFile("own.npz", "my-magnet");
  expect((await ansatz("fit", "made", data, ...small, "--out", at("own"))).code).toBe(0);
  expect((await ansatz("score", at("own"), data)).code).toBe(0);
  expect((await ansatz("report", at("own"), "--samples", "100")).code).toBe(0);
  expect(await readFile(at("own/report.html"), "utf8")).toContain("my-magnet");
  const chains = await ansatz("sample", at("own"), "--metropolis", "--out", at("none.npy"));
  expect(chains).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("my-magnet, which is no system of ansatz"),
  });
});

/** Runs the built command in a shell with a limit, which bash sets. */
function limited(limit: string, ...args: string[]) {
  const command = [process.execPath, script, ...args];
  const bash = ["-c", `ulimit ${limit} && exec "$@"`, "bash", ...command];
  const { status, stderr } = spawnSync("bash", bash, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  return { code: status, last: stderr.trimEnd().split("\n").at(-1) };
}

const noBash = spawnSync("bash", ["-c", "ulimit -v && ulimit -n"]).status !== 0;

test.skipIf(noBash)(
  "under a limit of 4 GB of addresses, a fit that fails says why (needs bash)",
  {
    timeout: patient,
  },
  async ({ skip }) => {
    await writeFile(at("narrow.txt"), `${rows}\n`);
    const out = ["--out", at("narrow")];
    const { code, last } = limited("-v 4194304", "fit", "made", at("narrow.txt"), ...small, ...out);
    if (code === 0) skip("this Node needs fewer than 4 GB of addresses");
    expect(code).toBe(1);
    expect(last).toMatch(/^ansatz: .*memory.*'ulimit -v'/);
  },
);

test.skipIf(noBash)(
  "with 32 open files, every command says what is lacking (needs bash)",
  {
    timeout: patient,
  },
  async () => {
    await writeFile(at("few.txt"), `${rows}\n`);
    for (const argv of [
      ["info", at("few.txt")],
      ["fit", "made", at("few.txt"), ...small, "--out", at("few")],
      ["simulate", "ising", "--shape", "2x2", "--beta", "0.4", "--out", at("few.npz")],
    ]) {
      const { code, last } = limited("-n 32", ...argv);
      expect(code).toBe(1);
      expect(last).toMatch(/^ansatz: .*allow more.*ulimit -n/);
    }
  },
);
