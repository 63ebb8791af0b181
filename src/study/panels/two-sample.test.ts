import { expect, test } from "vitest";
import { fitted } from "../../models/fitted/fitted.ts";
import { createModel } from "../../models/registry.ts";
import { Key } from "../../random/key.ts";
import { createSystem, simulate } from "../../systems/index.ts";
import { studyFit } from "../study-fit.ts";
import { twoSample } from "./two-sample.ts";

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
  const judged = study.document.twoSample as { candidates: { name: string; log10P: number }[] };
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
