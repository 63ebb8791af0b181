import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { parseSettings } from "../../src/cli/options/values.ts";
import { main } from "../../src/cli/terminal/main.ts";
import { jsonText } from "../../src/cli/terminal/output.ts";
import { clock, Progress, short } from "../../src/cli/terminal/progress.ts";
import { Session } from "../../src/cli/terminal/session.ts";
import { ansatz, documentOf, patient, start, workFolder } from "./support.ts";

const work = workFolder();

describe("help", { timeout: patient }, () => {
  it("lists every command, with examples", async () => {
    for (const argv of [[], ["--help"], ["help"]]) {
      const { code, stdout, stderr } = await ansatz(...argv);
      expect([code, stderr]).toEqual([0, ""]);
      for (const { name } of commands) expect(stdout).toContain(`  ${name} `);
      expect(stdout).toContain("Examples:\n  ansatz simulate ising");
    }
  });

  it.each(commands.map(({ name }) => name))("of %s has its options and an example", async (name) => {
    const { code, stdout } = await ansatz(name, "--help");
    expect(code).toBe(0);
    // A report replaces its own page, and has nothing to force.
    const force = name === "report" ? [] : ["--force"];
    for (const option of ["--json", "--seed", ...force, "--help"]) expect(stdout).toContain(option);
    expect(stdout).toMatch(new RegExp(`Examples?:\n {2}ansatz ${name} ?`));
    expect((await ansatz("help", name)).stdout).toBe(stdout);
  });

  it("prints the version", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await ansatz("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("comes from the built command too, which does not load the engine for it", async () => {
    const { code, stdout } = await start("--help").done;
    expect([code, stdout]).toEqual([0, expect.stringContaining("Usage: ansatz")]);
    const program = `
      import module from "node:module";
      import { main } from ${JSON.stringify(new URL("../../dist/cli/terminal/main.js", import.meta.url).href)};
      await main(["--help"], { stdout: { write() {} }, stderr: { write() {} } });
      console.log(Object.keys(module._cache).join("\\n"));`;
    const loaded = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(loaded).toContain("commander");
    expect(loaded).not.toMatch(/onnxruntime|resvg/);
  });
});

describe("a reader that has gone", () => {
  it("ends the command quietly", async () => {
    const { child, done } = start("fit", "--help");
    child.stdout?.destroy();
    expect(await done).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("a bug of ours", () => {
  it("is one line, and a trace when asked for", async () => {
    const broken = {
      write: () => {
        throw new Error("the pipe burst");
      },
    };
    const lines: string[] = [];
    const stderr = { write: (text: string) => lines.push(text) };
    expect(await main(["--help"], { stdout: broken, stderr })).toBe(1);
    expect(lines).toEqual(["ansatz: internal error: the pipe burst; set ANSATZ_DEBUG=1 for the trace\n"]);
    vi.stubEnv("ANSATZ_DEBUG", "1");
    await main(["--help"], { stdout: broken, stderr });
    vi.unstubAllEnvs();
    expect(lines.at(-1)).toContain("command-line.test.ts");
  });
});

describe("control characters", () => {
  const evil = "a\u001b]0;title\u0007\u009b2J\r\tb\nc";

  it("reach no terminal, in a message, a note, or a document", async () => {
    const { code, stderr } = await ansatz("score", `none\u001b[2J\u009b`);
    expect([code, stderr]).toEqual([2, "ansatz: none\\x1b[2J\\x9b: no such run folder\n"]);
    const lines: string[] = [];
    const sink = { write: (text: string) => lines.push(text) };
    new Session([], { stdout: sink, stderr: sink }).note(evil);
    expect(lines).toEqual(["a\\x1b]0;title\\x07\\x9b2J\\x0d\tb\nc\n"]);
    expect(jsonText({ evil })).not.toMatch(/[^\P{Cc}\n]/u);
    expect(JSON.parse(jsonText({ evil }))).toEqual({ evil });
  });
});

describe("output that cannot be written", () => {
  it.skipIf(!existsSync("/dev/full"))("is a failure, said in one line", async () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, ["bin/ansatz.js", "--help"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect([status, stderr]).toEqual([1, "ansatz: standard output: no space left on the device\n"]);
  });
});

describe("progress", () => {
  const lines: string[] = [];
  const sink = (isTTY: boolean) => ({ write: (text: string) => lines.push(text), isTTY, columns: 60 });

  it("is a bar on a terminal, in colour unless NO_COLOR is set, no wider than the screen", () => {
    for (const [noColor, colours] of [
      ["", true],
      ["1", false],
    ] as const) {
      lines.length = 0;
      vi.stubEnv("NO_COLOR", noColor);
      vi.stubEnv("TERM", "xterm");
      const progress = new Progress(sink(true), "fit");
      progress.update({ fraction: 0.5, details: ["epoch 1/2", "x".repeat(50), "unseen"] });
      progress.end();
      vi.unstubAllEnvs();
      expect(lines).toHaveLength(2);
      const plain = stripVTControlCharacters(lines[0] ?? "").replace("\r", "");
      expect(plain).toBe(`fit ${"━".repeat(20)}  50%  epoch 1/2`);
      expect(lines[0]?.includes("\u001b[36m")).toBe(colours);
    }
  });

  it("is a plain line every few seconds elsewhere", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    lines.length = 0;
    const progress = new Progress(sink(false), "fit");
    for (let second = 0; second < 12; second++) {
      progress.update({ fraction: second / 12, details: [`${second} s`] });
      vi.advanceTimersByTime(1000);
    }
    progress.end();
    vi.useRealTimers();
    expect(lines).toEqual(["fit 41%, 5 s\n", "fit 83%, 10 s\n"]);
  });

  it("says times and rates in few characters", () => {
    expect([7, 750, 3723, Number.NaN].map(clock)).toEqual(["0:07", "12:30", "1:02:03", "?"]);
    expect([950, 12_300, 250_000, 4.5e6].map(short)).toEqual(["950", "12.3k", "250k", "4.5M"]);
  });
});

describe("values and command lines", () => {
  it("are read as YAML scalars and lists", () => {
    expect(parseSettings(["a=500,500", "b=true", "c=1e-3", "d=[1, 2]", "e=relu", "a=7"])).toEqual({
      a: 7,
      b: true,
      c: 0.001,
      d: [1, 2],
      e: "relu",
    });
  });

  it("of no known name are kept, to be refused, even where JavaScript knows them", async () => {
    expect(Object.entries(parseSettings(["__proto__=1"]))).toEqual([["__proto__", 1]]);
    const { code, stderr } = await ansatz(
      ...["simulate", "ising", "--shape", "4x4", "--beta", "1", "--set", "__proto__=1"],
      ...["--out", work.at("x.npz")],
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining("has no parameter '__proto__'")]);
  });

  it("with a tag that YAML does not know bring no warning", () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    expect(parseSettings(["a=!odd 5"])).toEqual({ a: "5" });
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  it("are recorded as a shell reads them back", () => {
    const { command } = new Session(["fit", "made", "my data.npz", "--set", "hidden=5,5", "it's"], process);
    expect(command).toBe("ansatz fit made 'my data.npz' --set hidden=5,5 'it'\\''s'");
  });
});

describe("the demo", { timeout: patient }, () => {
  it("goes the whole way and holds its numbers beside the exact ones", async () => {
    const out = work.at("demo");
    const document = await documentOf("demo", "--rows", "3000", "--epochs", "3", "--out", out);
    expect(document).toMatchObject({
      run: out,
      report: work.at("demo/report.html"),
      score: { kind: "exact", entropyPerSite: expect.closeTo(0.2823917, 6) },
    });
    const observables = document.observables as unknown as {
      name: string;
      reference: { source: string; value: number };
    }[];
    expect(observables.map(({ name, reference }) => [name, reference.source])).toEqual([
      ["energy", "exact"],
      ["magnetisation", "exact"],
      ["absMagnetisation", "Monte Carlo"],
    ]);
    expect(observables[0]?.reference.value).toBeCloseTo(-1.491589107, 9);
    const again = await documentOf("demo", "--rows", "3000", "--epochs", "3", "--out", out, "--force");
    expect(again.score).toEqual(document.score);
    expect(await documentOf("score", out)).toEqual(document.score);
  });
});
