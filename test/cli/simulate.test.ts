import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/files/index.ts";
import { ansatz, documentOf, patient, start, workFolder } from "./support.ts";

const work = workFolder();

interface Temperature {
  readonly beta: number;
  readonly rows: number;
  readonly tau: number;
  readonly sampler: { readonly name: string };
  readonly energyPerSite: { readonly value: number; readonly error: number };
  readonly exact: { readonly energyPerSite: number };
}

const range = (out: string, ...more: string[]) => [
  ...["simulate", "ising", "--shape", "8x8", "--beta-range", "0.3", "0.5", "3"],
  ...["--samples", "3000", "--replicas", "100", "--seed", "5", "--out", work.at(out), ...more],
];

describe("--beta-range", () => {
  it(
    "draws rows at every temperature, with β as their context and the exact energies",
    async () => {
      const document = (await documentOf(...range("range.npz"))) as unknown as {
        rows: number;
        temperatures: Temperature[];
      };
      expect(document.rows).toBe(3000);
      expect(document.temperatures.map(({ beta, rows }) => [beta, rows])).toEqual([
        [0.3, 1000],
        [0.4, 1000],
        [0.5, 1000],
      ]);
      for (const { energyPerSite, exact, sampler } of document.temperatures) {
        expect(sampler.name).toBe("metropolis");
        // p = 10⁻⁴ each.
        expect(Math.abs(energyPerSite.value - exact.energyPerSite)).toBeLessThan(3.9 * energyPerSite.error);
      }
      const { x, context, chain, meta } = await loadDataset({ path: work.at("range.npz") });
      expect([x.shape, context?.shape]).toEqual([
        [3000, 8, 8],
        [3000, 1],
      ]);
      expect([...new Set(Array.from(context!.data as Float32Array))]).toEqual(
        [0.3, 0.4, 0.5].map(Math.fround),
      );
      expect(new Set(chain).size).toBe(300);
      expect(meta?.system).toEqual({
        name: "ising",
        parameters: { shape: [8, 8], J: 1, lattice: "square" },
        betas: [0.3, 0.4, 0.5],
      });
      expect((await ansatz("info", work.at("range.npz"))).stdout).toContain(
        "at 3 inverse temperatures, 0.3 to 0.5",
      );
    },
    patient,
  );

  it(
    "gives the same rows on one thread, on two, and again",
    async () => {
      await documentOf(...range("one.npz", "--threads", "1"));
      await documentOf(...range("two.npz", "--threads", "2"));
      const [one, two] = await Promise.all(
        ["one.npz", "two.npz"].map((name) => loadDataset({ path: work.at(name) })),
      );
      expect(two!.x).toEqual(one!.x);
      expect(two!.chain).toEqual(one!.chain);
    },
    patient,
  );

  it(
    "makes data for a conditional model, whose KL is over all temperatures",
    async () => {
      const run = work.at("conditional");
      await documentOf("fit", "made", work.at("range.npz"), "--out", run, "--epochs", "2", "--lr", "0.01");
      const score = (await documentOf("score", run, work.at("range.npz"))) as unknown as {
        kl: { value: number };
      };
      expect(score.kl.value).toBeGreaterThan(0);
      expect(score.kl.value).toBeLessThan(64 * Math.LN2);
    },
    patient,
  );

  it("prints a table for people", async () => {
    const { code, stdout } = await ansatz(...range("table.npz"));
    expect(code).toBe(0);
    expect(stdout).toContain("3000 configurations of ising (shape 8×8, J 1, lattice square), β as context");
    expect(stdout).toMatch(
      /^0\.4 +1000 +[\d.]+ +\d+ +\d+ +metropolis +−1\.\d+ ± 0\.\d+ +−1\.\d+ +[+−]\d\.\dσ$/m,
    );
  });
});

describe("sampling controls", () => {
  it("take the algorithm, the sweeps between rows and before the first", async () => {
    const document = (await documentOf(
      ...["simulate", "potts", "--shape", "6x6", "--beta", "critical", "--samples", "200", "--seed", "1"],
      ...["--algorithm", "swendsen-wang", "--sweeps", "7", "--burn-in", "300", "--out", work.at("potts.npz")],
    )) as unknown as { sampler: { name: string }; thinning: number; burnIn: number };
    expect(document.sampler.name).toBe("swendsen-wang");
    expect([document.thinning, document.burnIn]).toEqual([7, 300]);
  });

  it.each([
    ["xy", "--shape", "4x4", "--beta", "0.8"],
    ["spin-glass", "--shape", "4x4", "--beta", "0.8"],
    ["potts", "--shape", "4x4", "--temperature", "2"],
  ])("%s runs as a user calls it", async (...argv) => {
    const document = await documentOf(
      ...["simulate", ...argv, "--samples", "64", "--out", work.at(`${argv[0]}-plain.npz`)],
    );
    expect(document).toMatchObject({ rows: 64 });
  });
});

describe("bad input", () => {
  const shape = ["--shape", "4x4"];
  it.each([
    [["ising", ...shape, "--temperature", "0"], /^ansatz: --temperature: a temperature is above 0, not '0'$/],
    [
      ["ising", ...shape, "--temperature", "-2"],
      /^ansatz: --temperature: a temperature is above 0, not '-2'$/,
    ],
    [
      ["ising", ...shape, "--beta", "-0.4"],
      /^ansatz: --beta: an inverse temperature is 0 or more, not -0.4; /,
    ],
    [
      ["ising", ...shape, "--beta", "1", "--temperature", "1"],
      /^ansatz: --temperature and --beta both give the temperature/,
    ],
    [
      ["ising", "--shape", "1x4", "--beta", "1"],
      /^ansatz: shape 1x4: a side is a whole number of at least 2/,
    ],
    [
      ["ising", ...shape, "--beta-range", "0.3", "0.30", "3"],
      /^ansatz: --beta-range: from 0.3 to 0.30 there is only one temperature, not 3; give --beta 0.3$/,
    ],
    [["ising", ...shape, "--beta-range", "0.3", "0.6"], /^ansatz: --beta-range takes three numbers/],
    [["ising", ...shape, "--beta-range", "-1", "0.6", "4"], /^ansatz: --beta-range takes three numbers/],
    [
      ["ising", ...shape, "--beta-range", "0", "0.6", "1"],
      /^ansatz: --beta-range: the number of temperatures is 2/,
    ],
    [
      ["ising", ...shape, "--beta", "1", "--beta-range", "0", "1", "2"],
      /^ansatz: --beta-range and --beta both give/,
    ],
    [
      ["ising", ...shape, "--beta-range", "0", "1", "2", "--samples", "1"],
      /^ansatz: --samples: 1 rows for 2 temp/,
    ],
    [
      ["ising", ...shape, "--beta", "1", "--algorithm", "wolf"],
      /^ansatz: --algorithm: ising has wolff, swendsen/,
    ],
    [["moons", "--algorithm", "wolff"], /^ansatz: --algorithm: moons has no choice here; leave it out$/],
    [
      ["potts", ...shape, "--beta", "1", "--set", "J=-1", "--algorithm", "wolff"],
      /clusters need neighbours that attr/,
    ],
    [
      ["ising", ...shape, "--beta", "1", "--replicas", "0"],
      /^ansatz: --replicas takes a whole number of at least 1/,
    ],
  ])("%j is one line and exit 2", async (argv, line) => {
    const { code, stdout, stderr } = await ansatz("simulate", ...argv, "--out", work.at("never.npz"));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(work.at("never.npz"))).toBe(false);
  });
});

describe("a long simulation", () => {
  /** Some fifteen seconds of one thread at the critical point, where clusters of the whole lattice are flipped. */
  const long = (out: string, ...more: string[]) => [
    ...[
      "simulate",
      "ising",
      "--shape",
      "128x128",
      "--beta",
      "critical",
      "--samples",
      "2400",
      "--sweeps",
      "20",
    ],
    ...["--burn-in", "200", "--threads", "1", "--seed", "3", "--out", work.at(out), ...more],
  ];

  it(
    "killed at several moments and resumed has the same bits, and leaves nothing behind",
    async () => {
      const whole = await start(...long("whole.npz")).done;
      expect(whole).toMatchObject({ code: 0 });
      let kept = 0;
      let { child, done } = start(...long("killed.npz"));
      for (let kills = 0; kills < 2; kills++) {
        // A little after each state that is kept.
        const state = work.at("killed.npz.partial/0.state");
        const before = existsSync(state) ? await readFile(state) : undefined;
        let ended = false;
        void done.then(() => {
          ended = true;
        });
        while (!ended && (!existsSync(state) || (before && (await readFile(state)).equals(before))))
          await sleep(50);
        await sleep(100 + 300 * kills);
        // On a machine fast enough it may have ended before its second state.
        if (ended) break;
        if (child.kill("SIGKILL")) kept++;
        await done;
        if (kills === 0) {
          const refused = await ansatz(...long("killed.npz"));
          expect([refused.code, refused.stderr]).toEqual([
            2,
            expect.stringContaining(
              "killed.npz.partial holds an unfinished simulation; continue with --resume",
            ),
          ]);
          const other = await ansatz(...long("killed.npz", "--resume", "--replicas", "8"));
          expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("chains 16, not 8")]);
        }
        ({ child, done } = start(...long("killed.npz", "--resume")));
      }
      expect(await done).toMatchObject({ code: 0 });
      expect(kept).toBeGreaterThan(0);
      const [a, b] = await Promise.all(
        ["whole.npz", "killed.npz"].map((name) => loadDataset({ path: work.at(name) })),
      );
      // By bytes: element by element they would take minutes.
      const [x, y] = [a!.x.data as Uint8Array, b!.x.data as Uint8Array];
      expect(Buffer.compare(x, y)).toBe(0);
      expect(b!.meta?.chain).toEqual(a!.meta?.chain);
      expect(existsSync(work.at("killed.npz.partial"))).toBe(false);
    },
    patient,
  );
});
