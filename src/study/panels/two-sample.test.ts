import { afterEach, describe, expect, test, vi } from "vitest";
import { AnsatzError } from "../../error.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { fitted } from "../../models/fitted/fitted.ts";
import { createModel } from "../../models/registry.ts";
import { Key } from "../../random/key.ts";
import { createSystem, type System, simulate, targetSystem } from "../../systems/index.ts";
import { studyFit } from "../study-fit.ts";
import { studySolve } from "../study-solve.ts";
import { solvedTwoSample, twoSample } from "./two-sample.ts";

interface Tested {
  readonly reference: string;
  readonly candidates: readonly { name: string; log10P: number; tests: readonly { on: string }[] }[];
}

test("an untrained model is told from its data, and few rows are not tested", async () => {
  const system = createSystem("ising", { shape: [4, 4], beta: 0.5 });
  const { dataset } = await simulate(system, { samples: 400, seed: 1, name: "spins.npz" });
  const model = createModel("made", dataset.space, { hidden: 4 });
  const made = fitted(model, model.init(Key.fromSeed(2)));
  const study = await studyFit(made, dataset, { samples: 300, part: "all", panels: [twoSample] });
  expect(study.figures.map(({ name }) => name)).toEqual(["two-sample-tests"]);
  const auc = study.numbers.find(({ name }) => name.startsWith("AUC"));
  // Untrained, it draws nearly independent sites: at β = 0.5 most rows are nearly aligned.
  expect(auc?.estimate.value).toBeGreaterThan(0.8);
  const judged = study.document.twoSample as Tested;
  expect(judged.candidates.map(({ name }) => name)).toEqual(["real", "made"]);
  expect(judged.candidates[1]!.log10P).toBeLessThan(-6);
  const few = await studyFit(made, dataset, { samples: 300, panels: [twoSample] });
  expect([few.figures, few.numbers]).toEqual([[], []]);
  const why = expect.stringMatching(
    /^two-sample tests are left out: \d+ test rows of .* are too few, 200 are needed$/,
  );
  expect(few.notes).toEqual([why]);
  expect(few.facts?.Report).toEqual({ notes: why });
});

test("the observables of a system that only the caller knows are tested", async () => {
  const { dataset } = await simulate(createSystem("ising", { shape: [4, 4], beta: 0.5 }), {
    ...{ samples: 200, seed: 1, name: "spins.npz" },
  });
  const { meta: _, ...unnamed } = dataset;
  const odd = (x: { readonly data: ArrayLike<number | bigint> }) =>
    Float64Array.from({ length: x.data.length / 16 }, (_, row) => Number(x.data[16 * row]));
  const system = targetSystem({
    ...{ name: "first spin", space: dataset.space, beta: 1, energy: odd, observables: { first: odd } },
  });
  const model = createModel("made", dataset.space, { hidden: 4 });
  const made = fitted(model, model.init(Key.fromSeed(2)));
  const study = await studyFit(made, unnamed, { samples: 200, part: "all", system, panels: [twoSample] });
  const { candidates } = study.document.twoSample as Tested;
  expect(candidates[1]!.tests.map(({ on }) => on)).toContain("first");
});

describe("of a solve", () => {
  const ising = createSystem("ising", { shape: [2, 3], beta: 0.5 });
  const model = createModel("made", ising.space, { hidden: 4 });
  const made = fitted(model, model.init(Key.fromSeed(2))) as FittedExact;
  const options = { samples: 300, panels: [solvedTwoSample] };

  afterEach(() => {
    vi.useRealTimers();
  });

  test("an untrained model is told from the simulation of its system", async () => {
    const study = await studySolve(made, ising, options);
    expect(study.figures.map(({ name }) => name)).toEqual(["two-sample-tests"]);
    expect(study.figures[0]!.caption).toContain(
      "300 samples against 500 rows of the system's own simulation",
    );
    const auc = study.numbers.find(({ name }) => name.startsWith("AUC"));
    expect(auc?.estimate.value).toBeGreaterThan(0.8);
    const { candidates } = study.document.twoSample as Tested;
    expect(candidates[1]!.log10P).toBeLessThan(-6);
    // Real rows against real rows, after Bonferroni; a fixed seed.
    expect(candidates[0]!.log10P).toBeGreaterThan(-3);
  });

  test("few samples, and a program's energy, which has no simulation, are not tested", async () => {
    const few = await studySolve(made, ising, { ...options, samples: 100 });
    const { energy, observables, space, beta } = ising;
    const own = targetSystem({ name: "own", space, beta, observables, energy: (x) => energy(x) });
    const alone = await studySolve(made, own, options);
    expect([few, alone].map(({ figures, numbers }) => [figures, numbers])).toEqual([
      [[], []],
      [[], []],
    ]);
  });

  test("a simulation that takes longer than a report may is given up with a message", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow: System = {
      ...ising,
      name: "slow",
      simulate: ({ signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(new AnsatzError("interrupted", "stopped")));
          begun();
        }),
    };
    const looked = studySolve(made, slow, options);
    await hasBegun;
    vi.advanceTimersByTime(5000);
    vi.useRealTimers();
    const { warnings, figures } = await looked;
    expect(figures).toEqual([]);
    expect(warnings).toEqual([
      "no two-sample tests: the simulation of slow has no equilibrium rows within 5 s; give --simulate 500 to wait for it",
    ]);
  });
});
