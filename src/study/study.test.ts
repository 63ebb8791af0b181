import { beforeAll, describe, expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { binary, categorical, real } from "../data/space.ts";
import { type ContextCurve, type ExactScore, freeEnergy, score } from "../evaluate/index.ts";
import type { BoundedModel, ImplicitModel } from "../models/contract.ts";
import type { MadeParameters } from "../models/exact/made/network.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { fitted } from "../models/fitted/fitted.ts";
import { createModel } from "../models/registry.ts";
import { Key } from "../random/key.ts";
import { normal as normals } from "../random/normal.ts";
import { escapeMarkup, observableHistogram, page, textTable } from "../report/index.ts";
import { createSystem, type System, simulate } from "../systems/index.ts";
import { BATCH, mul, normal, sub } from "../tensor/index.ts";
import type { TrainEvent } from "../train/event.ts";
import { fit } from "../train/fit.ts";
import { solve } from "../train/solve.ts";
import {
  type FitSubject,
  fitPanels,
  type Panel,
  type SolveSubject,
  type Study,
  solvePanels,
  studyFit,
  studySolve,
} from "./index.ts";

const samples = 500;
const target: System = createSystem("ising", { shape: [2, 3], beta: 0.3 });
const model = createModel("made", target.space, { hidden: 7 });

let dataset: Dataset;
let made: FittedExact<MadeParameters>;
const events: TrainEvent[] = [];
let study: Study;

beforeAll(async () => {
  ({ dataset } = await simulate(target, { samples: 800, seed: 1, name: "spins.npz" }));
  made = await fit(model, dataset, { epochs: 3, lr: 0.02, seed: 1 }).result((event) => events.push(event));
  study = await studyFit(made, dataset, { samples, events, seed: 4 });
});

/** A value with null for every number that is unknown, as JSON has it. */
function unknownAsNull(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(unknownAsNull);
  if (typeof value !== "object" || value === null) return value;
  // Typed arrays and class instances stay what they are: they are no JSON.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, unknownAsNull(own)]));
}

/** What every study must hold, whatever it is of. */
function expectWhole(of: Study) {
  expect(of.numbers.length).toBeGreaterThan(0);
  expect(of.figures.length).toBeGreaterThan(0);
  const names = of.figures.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, caption, svg } of of.figures) {
    // One sentence at least, in words and not in the name that the figure's file has.
    expect(caption, name).toMatch(/^[\p{L}−].{10,}\.$/u);
    expect(caption, name).not.toMatch(/undefined|NaN|\[object|absmagnetisation/);
    expect(svg, name).toMatch(/^<svg .*<\/svg>$/s);
  }
  // The document is plain JSON: nothing is lost on the way, but that what is unknown is null there.
  expect(JSON.parse(JSON.stringify(of.document))).toEqual(unknownAsNull(of.document));
  const html = page(of);
  expect(html).toMatch(/^<!doctype html>.*<\/html>\n$/s);
  for (const text of [of.title, of.summary, ...of.figures.map(({ caption }) => caption)])
    expect(html).toContain(escapeMarkup(text));
}

const number = (of: Study, name: string) => {
  const row = of.numbers.find((one) => one.name === name);
  if (!row) throw new Error(`no number '${name}' among ${of.numbers.map((one) => one.name).join(", ")}`);
  return row;
};

test("a study of a conditional model says what it is given", async () => {
  const key = Key.fromSeed(1);
  const own = createModel("realnvp", { space: real([2]), context: categorical([1], 3) });
  const labels = Float32Array.from({ length: 60 }, (_, row) => row % 3);
  const rows = makeDataset(
    {
      arrays: {
        x: ndarray("f32", [60, 2], normals(key, 120, "f32")),
        context: ndarray("f32", [60, 1], labels),
      },
    },
    "labelled.npz",
    { space: "real", contextSpace: "categorical:3" },
  );
  const { facts, summary } = await studyFit(fitted(own, own.init(key)), rows, { samples: 20, panels: [] });
  expect(facts.Model?.context).toBe("categorical with 3 states on 1 sites");
  expect(facts.Data?.["context of a row"]).toBe("categorical with 3 states on 1 sites");
  expect(summary).toMatch(/ rows of labelled.npz, given their contexts\.$/);
});

test("a study of a conditional model shows data and model against the context, labels by name", async () => {
  const own = createModel("made", { space: binary([2, 3]), context: categorical([1], 2) });
  const labels = Float32Array.from({ length: 200 }, (_, row) => row % 2);
  const bits = Uint8Array.from({ length: 1200 }, (_, i) => Number(i % 4 < 2 && i % 12 < 6));
  const rows = makeDataset(
    { arrays: { x: ndarray("u8", [200, 2, 3], bits), context: ndarray("f32", [200, 1], labels) } },
    "labelled.npz",
    { contextSpace: "categorical:2" },
  );
  const of = await studyFit(fitted(own, own.init(Key.fromSeed(1))), rows, { part: "all" });
  expectWhole(of);
  const names = of.figures.map(({ name }) => name);
  expect(names).toContain("context-nll");
  expect(names).toContain("context-ones");
  const [nll] = of.document.contexts as ContextCurve[];
  const score = of.document.score as ExactScore;
  // As many rows of each label: the mean over the points is the score.
  const mean = ((nll?.points[0]?.model.value ?? 0) + (nll?.points[1]?.model.value ?? 0)) / 2;
  expect(mean).toBeCloseTo(score.nllPerSite.value, 9);
  expect(score).not.toHaveProperty("rows");
  // A model that takes no context has nothing to show against it.
  const blind = createModel("made", { space: binary([2, 3]) });
  const ofBlind = await studyFit(fitted(blind, blind.init(Key.fromSeed(1))), rows, { part: "all" });
  expect(ofBlind.figures.map(({ name }) => name).join()).not.toContain("context-");
  // Bits that no system drew are no spins.
  const picture = of.figures.find(({ name }) => name === "configurations")?.svg;
  expect(picture).not.toMatch(/>(up|down)</);
  expect(study.figures.find(({ name }) => name === "configurations")?.svg).toMatch(/>up</);
});

describe("a study of a fitted model", () => {
  test("is whole: captioned figures, a JSON document, a page", () => {
    expectWhole(study);
    expect(study.figures.map(({ name }) => name)).toEqual([
      "training-curve",
      "configurations",
      "observable-energy",
      "observable-magnetisation",
      "observable-absmagnetisation",
      "correlation",
      "generation",
    ]);
    const captions = study.figures.map(({ caption }) => caption);
    expect(captions).toContain("Distribution of |m|, with one standard error on every bin.");
  });

  test("says of itself which rows were scored, how the data are split and how large the model is", async () => {
    const { train, valid, test: held, how } = dataset.splits;
    const start = events.find((event) => event.type === "start");
    expect(study.title).toBe("MADE on the ising model (shape 2×3, beta 0.3, J 1, lattice square)");
    expect(study.summary).toContain(` nats per site on ${held.length} test rows of spins.npz.`);
    expect(study.facts.Model).toMatchObject({
      family: "made",
      parameters: String(start?.type === "start" && start.parameters),
      hidden: [7],
    });
    expect(study.facts.Data).toMatchObject({
      name: "spins.npz",
      rows: "800",
      "train, validation, test rows": [train.length, valid.length, held.length],
      split: how,
      system: "ising (shape 2×3, beta 0.3, J 1, lattice square)",
    });
    const done = events.find((event) => event.type === "done");
    expect(study.facts.Training).toMatchObject({ "steps taken": done?.type === "done" && done.step });
    const untold = await studyFit(made, dataset, { samples: 20, part: "all" });
    expect(untold.facts.Training).toBeUndefined();
    expect(untold.summary).toContain("on 800 rows of spins.npz.");
  });

  test("an option that is not known is refused, with the nearest that is", async () => {
    const wrong = { sampels: 20 } as Parameters<typeof studyFit>[2];
    await expect(studyFit(made, dataset, wrong)).rejects.toThrow(
      "studyFit has no option 'sampels'; did you mean samples?",
    );
  });

  test("facts that are given take the place of its own, in their order", async () => {
    const given = { Training: { epochs: 3 }, Data: { file: "spins.npz" }, Run: { seed: 1 } };
    const { facts } = await studyFit(made, dataset, { samples: 20, events, facts: given });
    expect(Object.keys(facts)).toEqual(["Model", "Training", "Data", "Run", "Report"]);
    expect(facts).toMatchObject(given);
    expect(facts.Training).toEqual(given.Training);
  });

  test("its numbers are those of the score and of samples by its seed, its document holds the same", async () => {
    const root = Key.fromSeed(4);
    const scored = await score(made, dataset, { key: root.fold(3) });
    expect(study.document.score).toEqual(scored);
    expect(number(study, "NLL (nats)").estimate).toEqual(scored.nll);
    expect(number(study, "NLL (nats)").reference?.value).toBe(target.exact?.entropy);
    const { x } = await made.sample(samples, { key: root.fold(1) });
    const energies = target.observables.energy?.(x) as Float64Array;
    const { estimate, reference } = number(study, "energy per site");
    expect(estimate.value).toBeCloseTo(energies.reduce((sum, e) => sum + e, 0) / samples, 12);
    expect(reference?.value).toBeCloseTo((target.exact?.energy as number) / 6, 12);
    expect(textTable(study.numbers)).toContain("|m|");
  });
});

/** Where the panel below was looked through. */
const looked: string[] = [];

/** A panel of one's own: the sixth moment of the magnetisation, as a number and a figure. */
const sixth: Panel<FitSubject> = {
  name: "sixth moment",
  applies: ({ system }) => system !== undefined,
  async look(subject, at) {
    looked.push("sixth moment");
    const { x } = await subject.drawn(at);
    const m = subject.system?.observables.magnetisation?.(x) as Float64Array;
    const values = m.map((v) => v ** 6);
    const value = values.reduce((sum, v) => sum + v, 0) / values.length;
    return {
      numbers: [{ name: "m⁶", estimate: { value, error: Number.NaN } }],
      figures: [
        {
          name: "sixth-moment",
          caption: "The sixth power of the magnetisation of samples.",
          svg: observableHistogram({ label: "m⁶", model: { values } }),
        },
      ],
      warnings: ["it has no error"],
      document: { sixth: value },
    };
  },
};

describe("a panel of one's own", () => {
  test("adds its number, figure, warning and entry of the document after those of every study", async () => {
    // Times are never the same twice.
    const untimed = fitPanels.filter(({ name }) => name !== "generation");
    const asked = { samples, events, seed: 4 };
    const own = await studyFit(made, dataset, { ...asked, panels: untimed });
    const more = await studyFit(made, dataset, { ...asked, panels: [...untimed, sixth] });
    expect(more.numbers.slice(0, -1)).toEqual(own.numbers);
    expect(more.figures.slice(0, -1)).toEqual(own.figures);
    const { x } = await made.sample(samples, { key: Key.fromSeed(4).fold(1) });
    const m = target.observables.magnetisation?.(x) as Float64Array;
    const value = m.reduce((sum, v) => sum + v ** 6, 0) / samples;
    expect(number(more, "m⁶").estimate.value).toBeCloseTo(value, 12);
    expect(more.document).toEqual({ ...own.document, sixth: number(more, "m⁶").estimate.value });
    expect(more.summary).toBe(`${own.summary} Warning: it has no error.`);
    expectWhole(more);
    expect(page(more)).toContain('<figure id="figure-sixth-moment">');
  });

  test("is passed over where it does not apply", async () => {
    looked.length = 0;
    const { system: _, ...rest } = dataset.meta ?? {};
    const alone = { ...dataset, meta: rest as typeof dataset.meta };
    const less = await studyFit(made, alone as Dataset, { samples: 20, panels: [sixth] });
    expect(looked).toEqual([]);
    expect([less.numbers, less.figures, less.document]).toEqual([[], [], {}]);
  });

  test("in a study of a solve too", async () => {
    const best: Panel<SolveSubject> = {
      name: "best sample",
      applies: () => true,
      async look(subject, at) {
        const { drawn } = await subject.solved(at);
        const value = Math.min(...drawn.energy);
        return { numbers: [{ name: "least energy", estimate: { value, error: 0 } }] };
      },
    };
    const own = await studySolve(made, target, { samples, panels: [best] });
    // The ground state of 2 × 3 spins with periodic bonds, two between neighbours along the side of two.
    expect(own.numbers).toEqual([{ name: "least energy", estimate: { value: -12, error: 0 } }]);
    expect(solvePanels.length).toBeGreaterThan(1);
  });
});

test("a study of a solve stands beside the exact values, and says that it learned from the energy", async () => {
  const told: TrainEvent[] = [];
  const solved = await solve(model, target, { steps: 60, batch: 100, seed: 2 }).result((e) => told.push(e));
  const own = await studySolve(solved, target, { samples: 2000, events: told, seed: 3 });
  expectWhole(own);
  const free = await freeEnergy(solved, target, { samples: 2000, key: Key.fromSeed(3).fold(1) });
  expect(own.document).toMatchObject({ ...free, exact: target.exact });
  const logZ = target.exact?.logZ as number;
  const bound = number(own, "log Z, variational bound (total)");
  expect(bound.estimate).toEqual(free.logZBound);
  expect(bound.reference?.value).toBe(logZ);
  // A fixed seed; beyond 4 σ with probability 6e-5, the bound on one side.
  expect(bound.estimate.value - logZ).toBeLessThan(4 * bound.estimate.error);
  const reweighted = number(own, "log Z, importance-sampled (total)").estimate;
  expect(Math.abs(reweighted.value - logZ)).toBeLessThan(4 * reweighted.error);
  expect(own.summary).toContain(`(exact: ${Number(logZ.toPrecision(10))})`);
  expect(own.facts.Data).toMatchObject({ "learned from": "the energy alone" });
  expect(own.facts.Training).toMatchObject({ "steps taken": 60 });
  expect(own.figures.map(({ name }) => name)).toContain("convergence-bound");
});

test("a solve whose samples count as few warns in its summary", async () => {
  const few = await studySolve(made, target, { samples: 50 });
  expect(few.warnings[0]).toMatch(/^50 samples count as /);
  expect(few.summary).toContain(` Warning: ${few.warnings[0]}.`);
});

describe("interrupted by its signal", () => {
  test("a study does not begin", async () => {
    looked.length = 0;
    const signal = AbortSignal.abort("enough");
    const asked = { signal, panels: [sixth] };
    await expect(studyFit(made, dataset, asked)).rejects.toMatchObject({
      code: "interrupted",
      cause: "enough",
    });
    expect(looked).toEqual([]);
    await expect(studySolve(made, target, { signal })).rejects.toMatchObject({ code: "interrupted" });
  });

  test("it stops while samples are drawn, and no panel follows", async () => {
    looked.length = 0;
    const stop = new AbortController();
    const works: string[] = [];
    const onProgress = (work: string) => {
      works.push(work);
      stop.abort();
    };
    const asked = { samples: 20_000, signal: stop.signal, onProgress, panels: [...fitPanels, sixth] };
    await expect(studyFit(made, dataset, asked)).rejects.toMatchObject({ code: "interrupted" });
    expect(works).toEqual(["sample made"]);
    expect(looked).toEqual([]);
  });
});

/** What the bound of the toy below is too low by, on average. */
const looseness = 0.5;

const { kind: _, logProb, loss: __, autoregressive: ___, ...base } = model;

/** A bound that is the exact log P less half the square of a normal number: ½ nat too low on average. */
const bounded = (importance: boolean): BoundedModel<MadeParameters> => ({
  ...base,
  ...{ kind: "bounded", family: "toy", importance },
  bound: (parameters, x, key) => {
    const z = normal(key, [BATCH]);
    return { bound: sub(logProb(parameters, x), mul(looseness, mul(z, z))), parts: {} };
  },
  sample: (parameters, key) => ({ x: model.sample(parameters, key).x }),
});

test("the summary of a bounded model says that its number is a bound, and by how many draws", async () => {
  await using own = fitted(bounded(false), made.parameters);
  const loose = await studyFit(own, dataset, { samples: 100 });
  expect(loose.summary).toMatch(
    /^The model's negative log-likelihood is at most \S+ ± \S+ nats per site on \d+ test rows of spins\.npz, by a bound with k = 16 draws a row\./,
  );
  const { nll } = await score(made, dataset);
  const { estimate, note } = number(loose, "NLL bound (nats)");
  expect(note).toBe("NLL is at most this; k = 16 draws a row");
  // ½ z² has variance ½; 16 draws of it a row, over the test rows.
  const error = Math.sqrt(0.5 / (16 * dataset.splits.test.length));
  expect(Math.abs(estimate.value - nll.value - looseness)).toBeLessThan(4 * error);
  await using weighted = fitted(bounded(true), made.parameters);
  const { summary } = await studyFit(weighted, dataset, { samples: 100 });
  expect(summary).toContain("by a bound with k = 16 importance weights a row.");
});

test("of an energy model and of an implicit one it is whole too", async () => {
  const rbm = createModel("rbm", target.space, { hidden: 3 });
  await using energy = fitted(rbm, rbm.init(Key.fromSeed(6)));
  const ofEnergy = await studyFit(energy, dataset, { samples: 200 });
  expectWhole(ofEnergy);
  // Weights 6 × 3, biases 6 and 3, and the 6 independent sites that its path starts from.
  expect(ofEnergy.facts.Model).toMatchObject({ parameters: "33" });
  expect(number(ofEnergy, "log Z (nats)").note).toContain("exact");
  const implicit: ImplicitModel<MadeParameters> = {
    ...base,
    ...{ kind: "implicit", family: "toy" },
    objective: () => {
      throw new Error("it is not trained here");
    },
    sample: (parameters, key) => ({ x: model.sample(parameters, key).x }),
  };
  await using generator = fitted(implicit, made.parameters);
  const ofImplicit = await studyFit(generator, dataset, { samples: 100 });
  expectWhole(ofImplicit);
  expect(ofImplicit.summary).toMatch(/^The model has no likelihood; the energy distance/);
});
