import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { libraryExample, root } from "../docs/pages.ts";
import { execute } from "../execute.ts";

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { path: string; mode: number }[];
}

// What `npm test` has just built is packed, installed into an empty project, and used there.
/** Entry points that read and write files, or draw with a native library. */
const nodeOnly = new Set(["ansatz/files", "ansatz/runs", "ansatz/report/png"]);

describe("the package", { timeout: 300_000 }, () => {
  let folder: string;
  let project: string;
  let packed: Packed;
  let manifest: { version: string; exports: Record<string, unknown> };
  let subpaths: string[];

  /** Runs a program in the empty project, and says what it printed where it fails. */
  const run = async (program: string, ...args: string[]) => {
    const { code, output } = await execute(program, args, project);
    expect(code, `${program} ${args.join(" ")}\n${output}`).toBe(0);
    return output;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ansatz-pack-"));
    project = join(folder, "project");
    await mkdir(project);
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    subpaths = Object.keys(manifest.exports)
      .filter((name) => name !== "./package.json")
      .map((name) => join("ansatz", name));
    const pack = ["pack", "--json", "--ignore-scripts", "--silent", "--pack-destination", folder];
    const { output } = await execute("npm", pack, root);
    packed = JSON.parse(output.slice(output.indexOf("[")))[0];
    const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    await run("npm", "install", join(folder, packed.filename), ...options);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("holds what runs, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["README.md", "LICENSE", "package.json", "bin/ansatz.js", "dist/index.d.ts"]),
    );
    expect(paths).toContain("dist/kernels/generated/optimiser.js");
    const allowed = /^(README\.md|LICENSE|CHANGELOG\.md|package\.json|bin\/ansatz\.js|dist\/.*\.(js|d\.ts))$/;
    expect(paths.filter((path) => !allowed.test(path) || path.includes(".test."))).toEqual([]);
    // A file whose source is gone is left over from an earlier build: delete dist/ and build again.
    const sourceOf = (path: string) => path.replace("dist/", "src/").replace(/(\.d\.ts|\.js)$/, ".ts");
    const modules = paths.filter((path) => path.startsWith("dist/") && !path.startsWith("dist/node/"));
    expect(modules.filter((path) => !existsSync(join(root, sourceOf(path))))).toEqual([]);
    expect(packed.files.find(({ path }) => path === "bin/ansatz.js")?.mode.toString(8)).toMatch(/755$/);
    expect(packed.size).toBeLessThan(2.3e6);
  });

  test("each of its entry points can be imported", async () => {
    const script = subpaths
      .map(
        (name) =>
          `if (Object.keys(await import("${name}")).length === 0) throw new Error("${name} is empty");`,
      )
      .join("\n");
    await run(process.execPath, "--input-type=module", "--eval", script);
  });

  test("its entry points share one registry, and its worker threads start", async () => {
    const script = `
      import { register } from "ansatz";
      import * as models from "ansatz/models";
      if (register !== models.register) throw new Error("two registries");
    `;
    await run(process.execPath, "--input-type=module", "--eval", script);
    const simulated = [
      "simulate",
      "ising",
      "--shape",
      "4x4",
      "--beta",
      "0.4",
      "--samples",
      "200",
      "--threads",
      "2",
      "--out",
    ];
    await run("npx", "--no-install", "ansatz", ...simulated, "rows.npz");
  });

  test("each of its entry points but those of Node's files can be bundled for a browser", async () => {
    const problems: string[] = [];
    for (const name of subpaths.filter((path) => !nodeOnly.has(path)))
      await build({
        stdin: { contents: `export * from "${name}"`, resolveDir: project },
        bundle: true,
        write: false,
        format: "esm",
        platform: "browser",
        logLevel: "silent",
      }).catch((error: Error) => problems.push(`${name}: ${error.message}`));
    expect(problems).toEqual([]);
  });

  test("runs the README's library example, and its types agree", async () => {
    const { text } = libraryExample();
    const { code } = await transform(text, { loader: "ts", format: "esm" });
    await writeFile(join(project, "example.mjs"), code);
    await run(process.execPath, "example.mjs");
    await writeFile(join(project, "example.ts"), text);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023"];
    const types = ["--skipLibCheck", "--types", "node", "--typeRoots", join(root, "node_modules", "@types")];
    await run(process.execPath, tsc, ...strict, ...types, "example.ts");
  });

  test("puts the command on the path", async () => {
    expect(await run("npx", "--no-install", "ansatz", "--version")).toContain(manifest.version);
    expect(await run("npx", "--no-install", "ansatz", "--help")).toContain("simulate");
  });
});
