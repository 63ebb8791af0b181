import type { Dataset } from "../data/dataset.ts";
import { isPlane, modelDensity, type PlaneGrid, planeGrid, rowDensity } from "../evaluate/plane.ts";
import { partRows } from "../evaluate/rows.ts";
import type { ImplicitModel, Model } from "../models/contract.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import { FittedImplicit } from "../models/fitted/implicit.ts";
import { Key } from "../random/key.ts";
import type { TrainHooks } from "../train/index.ts";

/** Cells along each side of a snapshot: enough for a small picture, few enough for a log. */
const cells = 48;

/**
 * Returns a hook that draws a model of the plane during a fit, after epochs 1, 2, 4, 8, …: its density on a
 * grid, in events named `density`. Undefined for models without a density in the plane.
 */
export function densityPictures(model: Model, dataset: Dataset, threads: number): TrainHooks["picture"] {
  if (!isPlane(model.space) || model.context) return undefined;
  if (model.kind === "implicit" && model.critic) return countedPictures(model, dataset, threads);
  if (model.kind !== "exact") return undefined;
  let grid: PlaneGrid | undefined;
  return async ({ round }, parameters) => {
    if (!Number.isInteger(Math.log2(round))) return undefined;
    grid ??= planeGrid(model.space, partRows(dataset, "all").x, cells);
    const fitted = new FittedExact(model, parameters(), { threads });
    try {
      const density = await modelDensity(fitted, grid);
      const values = Array.from(density, (p) => Number(p.toPrecision(4)));
      return { name: "density", data: { ...grid, values } };
    } finally {
      await fitted.release();
    }
  };
}

/** Samples that cells are counted of, by the same noise each time. */
const counted = 10_000;

/** The same of a model of samples alone: their density, counted in the cells. */
function countedPictures(model: ImplicitModel, dataset: Dataset, threads: number): TrainHooks["picture"] {
  let grid: PlaneGrid | undefined;
  return async ({ round }, parameters) => {
    if (!Number.isInteger(Math.log2(round))) return undefined;
    grid ??= planeGrid(model.space, partRows(dataset, "all").x, cells);
    const fitted = new FittedImplicit(model, parameters(), { threads });
    try {
      const { x } = await fitted.sample(counted, { key: Key.fromSeed(0) });
      const values = Array.from(rowDensity(x, grid), (p) => Number(p.toPrecision(4)));
      return { name: "density", data: { ...grid, values } };
    } finally {
      await fitted.release();
    }
  };
}
