import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../docs/pages.ts";

// The engine looks up a host, and writes into the home and the temporary folder, unless it is told not to. Everything
// here runs with both empty, and leaves nothing there. No test turns telemetry on to see that it would.
let folder = "";
let project = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ansatz-telemetry-"));
  project = join(folder, "project");
  await mkdir(join(project, "node_modules"), { recursive: true });
  await symlink(root, join(project, "node_modules", "ansatz"), "dir");
  await symlink(
    join(root, "node_modules", "onnxruntime-node"),
    join(project, "node_modules", "onnxruntime-node"),
  );
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const rows = Array.from({ length: 60 }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1].join(" ")).join("\n");
  await writeFile(join(project, "bits.txt"), `${rows}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a program of the empty project did: its exit code, its output, and the files that it left outside of it. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly left: readonly string[];
}

let count = 0;

/** Runs a program with an empty home, an empty temporary folder and no variable of ours. */
async function quietly(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const outside = join(folder, `outside-${count++}`);
  const [home, temporary] = [join(outside, "home"), join(outside, "tmp")];
  for (const path of [home, temporary]) await mkdir(path, { recursive: true });
  const places = { HOME: home, USERPROFILE: home, TMPDIR: temporary, TMP: temporary, TEMP: temporary };
  const child = spawn(program, args, {
    cwd: project,
    env: { PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, ...places, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const entries = await readdir(outside, { recursive: true, withFileTypes: true });
  return { code, output, left: entries.filter((e) => !e.isDirectory()).map((e) => e.name) };
}

const cli = join(root, "bin", "ansatz.js");
const fit = (out: string) => [
  cli,
  "fit",
  "made",
  "bits.txt",
  "--epochs",
  "1",
  "--set",
  "hidden=4",
  "--out",
  out,
];

/** A library program; `graph` runs one. */
const graph = `
  import { jit } from "ansatz/runtime";
  import { mul } from "ansatz/tensor";
  const array = { data: new Float32Array([3]), shape: [1], dtype: "f32" };
  const [nine] = (await jit((x) => mul(x, x))(array)).data;
  console.log("nine is", nine);
`;

/** Runs the text of a module. */
async function program(name: string, text: string, env?: NodeJS.ProcessEnv): Promise<Ended> {
  await writeFile(join(project, name), text);
  return quietly(process.execPath, [name], env);
}

/** Starts a file as a worker thread; it ends with its error. */
const startWorker = (name: string) => `
  import { Worker } from "node:worker_threads";
  new Worker(new URL("./${name}", import.meta.url)).on("error", (error) => console.log(error.message));
`;

/** Why connections cannot be watched here, or undefined. */
function noTrace(): string | undefined {
  const { error, status } = spawnSync("strace", ["-f", "-e", "trace=connect", process.execPath, "--version"]);
  return error ? "no strace" : status === 0 ? undefined : "strace may not watch a program here";
}

const untraced = noTrace();

/** The system calls of a fit; undefined where they cannot be seen. */
let watched: string[] | undefined;

describe("leaves nothing outside of its folder", () => {
  test("fit, and sample of the run", async () => {
    const log = join(folder, "calls.log");
    const node = [process.execPath, ...fit("run")];
    const watch = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmmsg,openat", "-o", log];
    const [started = "", ...args] = untraced ? node : [...watch, ...node];
    expect(await quietly(started, args)).toMatchObject({ code: 0, left: [] });
    watched = untraced ? undefined : (await readFile(log, "utf8")).split("\n");
    const sample = [cli, "sample", "run", "-n", "5", "--out", "rows.npy"];
    expect(await quietly(process.execPath, sample)).toMatchObject({ code: 0, left: [] });
  });

  test("a program", async () => {
    expect(await program("library.js", graph)).toEqual({ code: 0, output: "nine is 9\n", left: [] });
  });

  test("a bundled program", async () => {
    for (const format of ["esm", "cjs"] as const) {
      // A program of one's own that imports the engine's library too, first, as a bundle's own imports come first.
      const contents = `import "onnxruntime-node"; ${graph.replace(/const \[nine\][^;]*;/, (line) => `void (async () => { ${line}`)} })();`;
      const outfile = join(project, `bundled-${format}.${format === "esm" ? "mjs" : "cjs"}`);
      await build({
        stdin: { contents, resolveDir: project },
        bundle: true,
        platform: "node",
        format,
        external: ["onnxruntime-node"],
        logLevel: "error",
        outfile,
        ...(format === "cjs" && {
          define: { "import.meta.url": "__url" },
          banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
        }),
      });
      expect(await readFile(outfile, "utf8")).toContain("ORT_DISABLE_TELEMETRY");
      expect(await quietly(process.execPath, [outfile])).toEqual({
        code: 0,
        output: "nine is 9\n",
        left: [],
      });
    }
  });

  test("a worker, if the main thread imports ansatz", async () => {
    await writeFile(join(project, "worker.js"), graph);
    const main = `import "ansatz/runtime"; ${startWorker("worker.js")}`;
    expect(await program("main.js", main)).toEqual({ code: 0, output: "nine is 9\n", left: [] });
  });

  test("a worker that is refused, because nothing on the main thread turned telemetry off", async () => {
    // What a worker sets itself changes its own copy alone.
    await writeFile(join(project, "setting.js"), 'process.env.ORT_DISABLE_TELEMETRY = "1";');
    await writeFile(join(project, "alone.js"), `import "./setting.js"; ${graph}`);
    const { output, left } = await program("silent.js", startWorker("alone.js"));
    expect(output).toMatch(
      /^ONNX Runtime would send telemetry from this worker thread: .*ORT_DISABLE_TELEMETRY/,
    );
    expect(left).toEqual([]);
    const shell = await quietly(process.execPath, ["silent.js"], { ORT_DISABLE_TELEMETRY: "true" });
    expect(shell).toEqual({ code: 0, output: "nine is 9\n", left: [] });
  });
});

test.skipIf(untraced)(
  `a fit looks up no host and connects to none${untraced ? ` (${untraced})` : ""}`,
  () => {
    expect(watched?.some((call) => call.includes("libonnxruntime"))).toBe(true);
    const outward = /sa_family=AF_INET|resolv\.conf|nsswitch\.conf|etc\/hosts/;
    expect(watched?.filter((call) => outward.test(call))).toEqual([]);
  },
);

test.each([
  ["0", "0"],
  ["false", "false"],
  ["", "1"],
])("a setting of one's own is kept; an empty one is none: '%s'", async (given, kept) => {
  const text = 'import "ansatz/runtime"; console.log(process.env.ORT_DISABLE_TELEMETRY);';
  expect((await program("kept.js", text, { ORT_DISABLE_TELEMETRY: given })).output).toBe(`${kept}\n`);
});
