import type { Dataset } from "../data/dataset.ts";
import { isPlane, modelDensity, type PlaneGrid, partRows, planeGrid } from "../evaluate/index.ts";
import type { ExactModel, Parameters } from "../models/contract.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import type { FitEvent } from "../train/index.ts";

type DensityEvent = Extract<FitEvent, { type: "density" }>;

/** Cells along each side of a snapshot: enough for a small picture, few enough for a log. */
const cells = 48;

/**
 * Snapshots of a model of the plane while it is fitted, after epochs 1, 2, 4, 8, …: what it makes of an epoch's parameters
 * is an event for the log; undefined after other epochs, and of models of other spaces.
 */
export function densitySnapshots(
  model: ExactModel,
  dataset: Dataset,
  threads: number,
): (
  at: { readonly epoch: number; readonly step: number },
  parameters: () => Parameters,
) => Promise<DensityEvent | undefined> {
  if (!isPlane(model.space) || model.contextSize > 0) return async () => undefined;
  let grid: PlaneGrid | undefined;
  return async ({ epoch, step }, parameters) => {
    if (!Number.isInteger(Math.log2(epoch))) return undefined;
    grid ??= planeGrid(model.space, partRows(dataset, "all").x, cells);
    const fitted = new FittedExact(model, parameters(), { threads });
    try {
      const density = await modelDensity(fitted, grid);
      const values = Array.from(density, (p) => Number(p.toPrecision(4)));
      return { type: "density", epoch, step, ...grid, values };
    } finally {
      await fitted.release();
    }
  };
}
