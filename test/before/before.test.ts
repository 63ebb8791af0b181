import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { loadArray, loadDataset } from "../../src/files/index.ts";
import { ansatz, documentOf, patient, workFolder } from "../cli/support.ts";

/** Data files and run folders that an older version wrote, and what it said of them; see fixtures/README.md. */
const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
const json = (...path: string[]) => JSON.parse(readFileSync(join(fixtures, ...path), "utf8"));
const finished = readdirSync(join(fixtures, "finished")).sort();
const stopped = readdirSync(join(fixtures, "stopped")).sort();

const work = workFolder();
const data = (name: string) => join(work.at("before"), "data", name);

/** A copy of a run whose record names the data where this test has it, instead of in /data. */
async function copyOf(kind: "finished" | "stopped", name: string, to: string): Promise<string> {
  const folder = work.at(to);
  await cp(join(fixtures, kind, name), folder, { recursive: true });
  const path = join(folder, "model.json");
  await writeFile(path, (await readFile(path, "utf8")).replaceAll('"/data/', `"${data("")}/`));
  return folder;
}

beforeAll(() => cp(fixtures, work.at("before"), { recursive: true }), patient);

/**
 * Holds every number, name and field of `expected` against `actual`, which may have more; numbers to 1e-5. Errors of chains and
 * of weights are taken by better rules than in version 0.1.0: they, and deviations in them, may differ by a fifth.
 */
function expectNear(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === "number" && typeof actual === "number") {
    const far = Math.abs(actual - expected) / Math.max(Math.abs(expected), 0.1);
    const isError = /\.(error|sigmas)$/.test(where);
    expect(far, `${where}: ${actual}, was ${expected}`).toBeLessThan(isError ? 0.2 : 1e-5);
  } else if (typeof expected === "object" && expected !== null) {
    expect(typeof actual, `${where} is gone`).toBe("object");
    if (Array.isArray(expected)) expect(actual, where).toHaveLength(expected.length);
    for (const [key, value] of Object.entries(expected))
      expectNear((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  } else expect(actual, where).toEqual(expected);
}

interface Said {
  readonly documents: readonly {
    readonly args: readonly [string, ...string[]];
    readonly document: unknown;
  }[];
  readonly sample: {
    readonly args: readonly string[];
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  };
}
const saidOf = (name: string): Said => json("expected", `${name}.json`);

describe.each(finished)("the finished run %s", { timeout: patient }, (name) => {
  let run = "";
  beforeAll(async () => {
    run = await copyOf("finished", name, name);
  });

  const { documents, sample } = saidOf(name);
  it.each(documents.map(({ args, document }) => [args.join(" "), args, document] as const))(
    "%s: says what it said",
    async (_, [command, ...args], document) => {
      const given = args.map((argument) => argument.replace("@data", data("")));
      expectNear(await documentOf(command, run, ...given), document, command);
    },
  );

  it("draws the samples that it drew", async () => {
    const [, ...args] = sample.args;
    const out = work.at(`${name}.npy`);
    await documentOf("sample", run, ...args, "--out", out);
    const x = await loadArray(out);
    expect([x.dtype, x.shape]).toEqual([sample.dtype, sample.shape]);
    const values = Array.from(x.data, Number);
    if (Number.isInteger(sample.values[0])) expect(values).toEqual(sample.values);
    else
      sample.values.forEach((value, i) => {
        expect(values[i]).toBeCloseTo(value, 4);
      });
  });

  it("has a report written, with figures", async () => {
    await documentOf("report", run, "-n", "20", "--seed", "1");
    expect(await readFile(join(run, "report.html"), "utf8")).toContain("<svg");
    expect((await readdir(join(run, "figures"))).length).toBeGreaterThan(1);
  });

  it("has nothing to resume", async () => {
    const { task } = json("finished", name, "model.json");
    const { code, stderr } = await ansatz(
      task,
      "--resume",
      "--out",
      run,
      ...(task === "solve" ? ["-n", "20"] : []),
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining("nothing to resume")]);
  });
});

it("a record of version 1, which did not say that it was of a fit, is read as one", async () => {
  const run = await copyOf("finished", "made", "version-1");
  const path = join(run, "model.json");
  const { task: _, ...record } = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...record, version: 1 }));
  for (const { args, document } of saidOf("made").documents.slice(0, 2))
    expectNear(await documentOf(args[0], run), document, args[0]);
});

/** Family, vendor and generation of this processor, which its name alone may not tell; empty where the system has no such file. */
function processorKind(): string {
  const text = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(text)?.[1] ?? "";
  return ["vendor_id", "cpu family", "model", "stepping"].map(field).join(" ");
}

/** The single-precision arrays of a safetensors file by name. */
function arraysIn(bytes: Buffer): Map<string, Float32Array> {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { data_offsets: [number, number] }> = JSON.parse(
    bytes.toString("utf8", 8, start),
  );
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => {
          const part = bytes.subarray(start + from, start + to);
          return [name, new Float32Array(new Uint8Array(part).buffer)];
        },
      ),
  );
}

/** Holds the parameters that a resumed run ended with against those of the run that was never stopped. */
async function expectTwin(run: string, name: string): Promise<void> {
  const [resumed, twin] = await Promise.all(
    [run, join(fixtures, "finished", name)].map((folder) => readFile(join(folder, "params.safetensors"))),
  );
  const machine = json("machine.json");
  const now: Record<string, unknown> = await documentOf("info", run);
  const isSame =
    now.engine === machine.engine && now.processor === machine.processor && processorKind() === machine.kind;
  if (isSame) return expect(resumed?.equals(twin as Buffer), "the same bits").toBe(true);
  const [found, expected] = [arraysIn(resumed as Buffer), arraysIn(twin as Buffer)];
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [path, values] of expected)
    values.forEach((value, i) => {
      expect(Math.abs((found.get(path)?.[i] as number) - value), path).toBeLessThan(1e-3);
    });
}

/** Where a record says that the data was, under its name here. */
const dataOf = (source: { readonly path: string }) => data(basename(source.path));

describe.each(stopped)("the run %s, which was stopped", { timeout: patient }, (name) => {
  const record = json("stopped", name, "model.json");
  const more = record.task === "solve" ? ["-n", "20"] : [];

  it("is not taken for one that has ended", async () => {
    const run = await copyOf("stopped", name, `${name}-open`);
    expect((await documentOf("info", run)).result).toBeUndefined();
    const { code, stderr } = await ansatz("sample", run, "--out", work.at("none.npy"));
    expect([code, stderr]).toEqual([2, expect.stringContaining(`ansatz ${record.task} --resume`)]);
  });

  it("is resumed to the end that it would have had", async () => {
    const run = await copyOf("stopped", name, `${name}-resumed`);
    const { code, stderr } = await ansatz(record.task, "--resume", "--out", run, ...more);
    // From its checkpoint: begun anew it would have the same bits too.
    expect([code, stderr]).toEqual([0, expect.stringMatching(/going on from step [1-9]/)]);
    await expectTwin(run, name);
    for (const { args, document } of saidOf(name).documents.slice(0, 1)) {
      const { result } = document as { result: unknown };
      expectNear((await documentOf(args[0], run)).result, result, "result");
    }
  });

  it.skipIf(record.task === "solve")("is resumed with the data named where it is now", async () => {
    const run = work.at(`${name}-named`);
    await cp(join(fixtures, "stopped", name), run, { recursive: true });
    const { code } = await ansatz("fit", record.family, dataOf(record.data.source), "--resume", "--out", run);
    expect(code).toBe(0);
    await expectTwin(run, name);
  });
});

interface Loaded {
  readonly space?: string;
  readonly dataset: { readonly meta?: { readonly command?: string }; readonly [field: string]: unknown };
}
const loaded: Readonly<Record<string, Loaded>> = json("expected", "data.json");

/** All that a data file holds, arrays by their SHA-256. */
async function contentsOf(path: string, space?: string): Promise<unknown> {
  const dataset = await loadDataset({ path }, space === undefined ? {} : { space });
  const { space: found, encoding, x, context, mask, chain, splits, meta } = dataset;
  const digest = (array: typeof x | undefined) => {
    if (array === undefined) return undefined;
    const { buffer, byteOffset, byteLength } = array.data;
    const sha256 = createHash("sha256")
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest("hex");
    return { dtype: array.dtype, shape: array.shape, sha256 };
  };
  const { by, ...rows } = splits;
  const parts = (["train", "valid", "test"] as const).map((part) => [part, [...rows[part]]]);
  return {
    ...{ space: found, encoding, x: digest(x), context: digest(context), mask: digest(mask), meta },
    chain: chain && [...chain],
    splits: { by, ...Object.fromEntries(parts) },
  };
}

describe("a data file", () => {
  it.each(Object.entries(loaded))("%s: holds what it held", async (name, { space, dataset }) => {
    expect(await contentsOf(data(name), space)).toEqual(dataset);
    const { splits, meta } = dataset as { splits: Record<string, unknown[]>; meta?: unknown };
    const info = await documentOf("info", data(name), ...(space === undefined ? [] : ["--space", space]));
    expect(info).toMatchObject({
      splits: { train: splits.train?.length, valid: splits.valid?.length, test: splits.test?.length },
      ...(meta !== undefined && { meta }),
    });
  });

  it("with gaps is filled as it was", { timeout: patient }, async () => {
    const run = await copyOf("finished", "made", "filling");
    const out = work.at("filled.npz");
    const options = ["-n", "3", "--particles", "32", "--seed", "1", "--out", out];
    await documentOf("fill", run, data("gaps.txt"), ...options);
    expect((await loadArray(out)).data).toEqual((await loadArray(data("completions.npz"))).data);
  });

  it("whose simulation was stopped is simulated to its end", { timeout: patient }, async () => {
    const out = work.at("before/simulation/chain.npz");
    const { code, stderr } = await ansatz(
      ...["simulate", "ising", "--shape", "3x3", "--beta-range", "0.2", "0.4", "2", "--samples", "24"],
      ...["--replicas", "2", "--burn-in", "1000", "--sweeps", "1600000", "--algorithm", "metropolis"],
      ...["--seed", "13", "--threads", "1", "--out", out, "--resume"],
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("nothing to resume")]);
    const { dataset } = loaded["../simulation/whole.npz"] as Loaded;
    const meta = { ...dataset.meta, command: expect.any(String) };
    expect(await contentsOf(out)).toEqual({ ...dataset, meta });
  });
});
