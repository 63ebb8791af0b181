import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { executable, launch } from "./browser.ts";
import { bundle } from "./bundle.ts";
import { check, type Findings } from "./checks.ts";
import { fitMade } from "./made.ts";
import type { AnsatzInPage } from "./page.ts";
import { type Server, serve } from "./serve.ts";
import { type StudyFindings, studies } from "./study.ts";

declare const ansatz: AnsatzInPage;

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const engineFiles = dirname(
  createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm"),
);
const wasm = "ort-wasm-simd-threaded.wasm";
const mjs = "ort-wasm-simd-threaded.mjs";
/** Where a page beside the bundle looks for its workers, and their sources. */
const workers = {
  "/systems/parallel/worker.web.js": "systems/parallel/worker.web.ts",
  "/kernels/shallow-worker.web.js": "kernels/shallow-worker.web.ts",
};
const reason = "no Chromium was found; install it or name one in CHROME_BIN";

describe("in a browser", () => {
  let folder: string;
  let browser: Browser;
  let inNode: Findings;
  const open: { page: Page; server: Server }[] = [];

  beforeAll(async () => {
    if (executable === undefined) {
      console.warn(`browser tests skipped: ${reason}`);
      return;
    }
    folder = await mkdtemp(join(tmpdir(), "ansatz-page-"));
    await bundle(here("page.ts"), join(folder, "page.js"));
    for (const [path, source] of Object.entries(workers))
      await bundle(here(`../../src/${source}`), join(folder, basename(path)));
    browser = await launch();
    inNode = await check();
  }, 60_000);
  beforeEach(({ skip }) => {
    skip(executable === undefined, reason);
  });
  afterAll(async () => {
    await browser?.close();
    for (const { server } of open) await server.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  /** A fresh page with the bundle, and the engine's files at `files`. */
  async function visit(files: Record<string, string>, isolated: boolean): Promise<Page> {
    const found = Object.entries(files).map(([path, name]) => [path, join(engineFiles, name)]);
    const server = await serve(
      {
        "/": here("page.html"),
        ...Object.fromEntries(
          ["/page.js", ...Object.keys(workers)].map((path) => [path, join(folder, basename(path))]),
        ),
        ...Object.fromEntries(found),
      },
      isolated,
    );
    const page = await browser.newPage();
    open.push({ page, server });
    await page.goto(server.url);
    await page.waitForFunction(() => "ansatz" in globalThis);
    return page;
  }

  function compare(inPage: Findings): void {
    expect(inPage.engine).toMatch(/^onnxruntime-web \d/);
    expect(inNode.engine).toMatch(/^onnxruntime-node \d/);
    expect(inPage.bits).toEqual(inNode.bits);
    expect(Object.keys(inPage.values)).toEqual(Object.keys(inNode.values));
    for (const [name, expected] of Object.entries(inNode.values)) {
      const actual = inPage.values[name] as number[];
      expect(actual.length, name).toBe(expected.length);
      const difference = Math.max(...actual.map((x, i) => Math.abs(x - (expected[i] as number))));
      expect(difference, name).toBeLessThanOrEqual(1e-6);
    }
  }

  test("a page that serves the .wasm file beside its script computes what Node computes", async () => {
    const page = await visit({ [`/${wasm}`]: wasm }, false);
    compare(await page.evaluate(() => ansatz.check()));
  });

  test("an isolated page that says where the engine's files are runs on two threads", async () => {
    const page = await visit({ [`/engine/${wasm}`]: wasm, [`/engine/${mjs}`]: mjs }, true);
    const findings = await page.evaluate(() => {
      ansatz.locateEngine("/engine");
      return ansatz.check(2);
    });
    compare(findings);
    expect(page.workers().length).toBeGreaterThan(0);
    const message = page.evaluate(() => ansatz.check(3).catch((error: Error) => error.message));
    expect(await message).toContain("it started with 2, not 3");
  });

  test("a page fits a model, scores with it and samples from it, as Node does", async () => {
    const page = await visit({ [`/${wasm}`]: wasm }, false);
    const [there, here] = [await page.evaluate(() => ansatz.fitMade(1)), await fitMade(1)];
    for (const { total, kl, sampleError } of [there, here]) {
      expect(total).toBeCloseTo(1, 5);
      expect(kl).toBeGreaterThan(0);
      expect(kl).toBeLessThan(0.02);
      expect(sampleError).toBeLessThan(1e-4);
    }
    // Rounding differs between the engines, and training carries it on.
    expect(there.valid.length).toBe(here.valid.length);
    there.valid.forEach((nll, epoch) => {
      expect(nll).toBeCloseTo(here.valid[epoch] as number, 2);
    });
  });

  /** Numbers of deterministic sums, and of samples that are the same rows in both, to rounding. */
  function compareStudies({ study: there }: StudyFindings, { study: here }: StudyFindings): void {
    expect(there.title).toBe(here.title);
    expect(there.facts).toEqual(here.facts);
    expect(there.figures.map(({ name, caption }) => [name, caption])).toEqual(
      here.figures.map(({ name, caption }) => [name, caption]),
    );
    expect(there.numbers.map(({ name }) => name)).toEqual(here.numbers.map(({ name }) => name));
    here.numbers.forEach(({ name, estimate, reference }, i) => {
      const other = there.numbers[i];
      // One sample of the 400 that differed would move a mean by more.
      expect(Math.abs((other?.estimate.value as number) - estimate.value), name).toBeLessThan(1e-4);
      expect(Math.abs((other?.estimate.error as number) - estimate.error), name).toBeLessThan(1e-4);
      expect(other?.reference?.value, name).toEqual(reference?.value);
    });
  }

  /** What a browser shows of a study's page, and what went wrong on the way. */
  async function show({ html }: StudyFindings) {
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => wrong.push(message.text()));
    page.on("request", (request) => wrong.push(request.url()));
    await page.setContent(html);
    const shown = await page.evaluate(() => ({
      mode: document.compatMode,
      title: document.title,
      heading: document.querySelector("h1")?.textContent,
      headings: [...document.querySelectorAll("h2")].map(({ id }) => id),
      rows: document.querySelectorAll("#numbers + .scroll tbody tr").length,
      captions: [...document.querySelectorAll("figcaption")].map(({ textContent }) => textContent),
      drawn: [...document.querySelectorAll("figure > svg")].filter((svg) => svg.clientWidth > 100).length,
    }));
    await page.close();
    return { ...shown, wrong };
  }

  test("a page studies what it fitted and solved as Node does, and shows each as a page of its own", async () => {
    const page = await visit({ [`/${wasm}`]: wasm }, false);
    const { learned, there } = await page.evaluate(async () => {
      const learned = await ansatz.learn();
      return { learned, there: await ansatz.studies(learned) };
    });
    const here = await studies(learned);
    for (const task of ["fit", "solve"] as const) {
      compareStudies(there[task], here[task]);
      const { title, numbers, figures } = there[task].study;
      expect(figures.length).toBeGreaterThan(4);
      expect(await show(there[task])).toEqual({
        mode: "CSS1Compat",
        title,
        heading: title,
        headings: ["numbers", "figures", "run"],
        rows: numbers.length,
        captions: figures.map(({ caption }) => caption),
        drawn: figures.length,
        wrong: [],
      });
    }
  });

  test("threads in a page that is not isolated, and a missing .wasm file, are errors that say what to do", async () => {
    const page = await visit({}, false);
    const attempt = (threads: number) =>
      page.evaluate(
        (threads) => ansatz.check(threads).then(String, (error: Error) => error.message),
        threads,
      );
    expect(await attempt(2)).toContain("Cross-Origin-Opener-Policy");
    expect(await attempt(1)).toContain("set its place with locateEngine");
  });
});
