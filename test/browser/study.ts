import { type NDArray, ndarray } from "../../src/array.ts";
import { isArray } from "../../src/models/arrays.ts";
import type { ExactModel, Parameters } from "../../src/models/contract.ts";
import { createModel, fitted } from "../../src/models/index.ts";
import { Key } from "../../src/random/index.ts";
import { page } from "../../src/report/index.ts";
import { fitPanels, type Study, solvePanels, studyFit, studySolve } from "../../src/study/index.ts";
import { createSystem, simulate } from "../../src/systems/index.ts";
import { mapTree } from "../../src/tensor/index.ts";
import { fit, solve, type TrainEvent } from "../../src/train/index.ts";

/** What was learned, as plain JSON: the numbers of every parameter by its path, and what the training told. */
export interface Learned {
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly events: readonly TrainEvent[];
}

/** Both trainings. */
export interface Lessons {
  readonly fit: Learned;
  readonly solve: Learned;
}

/** A study, and the HTML page of it. */
export interface StudyFindings {
  readonly study: Study;
  readonly html: string;
}

const samples = 400;

/** The problem of both: a small Ising model, and a MADE of it. */
function problem() {
  const system = createSystem("ising", { shape: [2, 4], beta: 0.35 });
  return { system, model: createModel("made", system.space, { hidden: 12 }) };
}

const data = async () => (await simulate(problem().system, { samples: 800, seed: 1, name: "spins" })).dataset;

function plain(parameters: Parameters): Learned["parameters"] {
  const numbers: Record<string, number[]> = {};
  mapTree(parameters, isArray, (array, path) => {
    numbers[path] = Array.from(array.data);
    return array;
  });
  return numbers;
}

/** A MADE fitted to rows of the system, and one solved for its energy. */
export async function learn(): Promise<Lessons> {
  const { model, system } = problem();
  const told: { fit: TrainEvent[]; solve: TrainEvent[] } = { fit: [], solve: [] };
  const ofData = await fit(model, await data(), { epochs: 3, lr: 0.02, seed: 1 }).result((event) =>
    told.fit.push(event),
  );
  const ofEnergy = await solve(model, system, { steps: 40, batch: 100, seed: 1 }).result((event) =>
    told.solve.push(event),
  );
  return {
    fit: { parameters: plain(ofData.parameters), events: told.fit },
    solve: { parameters: plain(ofEnergy.parameters), events: told.solve },
  };
}

/** A model with parameters that were learned, here or elsewhere. */
function withParameters<P extends Parameters>(model: ExactModel<P>, { parameters }: Learned) {
  const filled = mapTree(model.init(Key.fromSeed(0)), isArray, ({ shape }: NDArray<"f32">, path) =>
    ndarray("f32", shape, Float32Array.from(parameters[path] as number[])),
  );
  return fitted(model, filled as P);
}

/** The studies of what was learned, which say the same wherever they are made. */
export async function studies(
  learned: Lessons,
): Promise<{ readonly fit: StudyFindings; readonly solve: StudyFindings }> {
  const { model, system } = problem();
  await using ofData = withParameters(model, learned.fit);
  await using ofEnergy = withParameters(model, learned.solve);
  const dataset = await data();
  // Times are never the same twice.
  const timeless = ({ name }: { readonly name: string }) => name !== "generation";
  const asked = { samples, seed: 2 };
  const own = {
    fit: await studyFit(ofData, dataset, {
      ...{ ...asked, events: learned.fit.events, panels: fitPanels.filter(timeless) },
    }),
    solve: await studySolve(ofEnergy, system, {
      ...{ ...asked, events: learned.solve.events, panels: solvePanels.filter(timeless) },
    }),
  };
  return {
    fit: { study: own.fit, html: page(own.fit) },
    solve: { study: own.solve, html: page(own.solve) },
  };
}
