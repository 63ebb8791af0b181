import type { Dataset } from "../data/dataset.ts";
import { isPlane, modelDensity, type PlaneGrid, planeGrid } from "../evaluate/plane.ts";
import { partRows } from "../evaluate/rows.ts";
import type { Model } from "../models/contract.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import type { TrainHooks } from "../train/index.ts";

/** Cells along each side of a snapshot: enough for a small picture, few enough for a log. */
const cells = 48;

/**
 * Returns a hook that draws a model of the plane during a fit, after epochs 1, 2, 4, 8, …: its density on a
 * grid, in events named `density`. Undefined for models without a density in the plane.
 */
export function densityPictures(model: Model, dataset: Dataset, threads: number): TrainHooks["picture"] {
  if (model.kind !== "exact" || !isPlane(model.space) || model.context) return undefined;
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
