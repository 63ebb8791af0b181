import type { Dataset } from "../data/dataset.ts";
import {
  isPlane,
  modelDensity,
  type PlaneGrid,
  partRows,
  planeGrid,
  rowDensity,
  systemDensity,
} from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { latentGrid } from "../models/index.ts";
import type { Key } from "../random/key.ts";
import type { FigureData, PlanePanel } from "../report/index.ts";
import type { System } from "../systems/index.ts";
import type { TrainEvent } from "../train/index.ts";

/** Cells along each side of a density. */
const cells = 160;
/** Cells along each side of counted rows, which need more than a few each. */
const countedCells = 64;
/** Most snapshots of a training that a figure shows. */
const shownSnapshots = 4;

/** Captions of the figures of {@link planeFigures}, by the names of their files. */
export const planeCaptions: Readonly<Record<string, string>> = {
  "plane-density":
    "The model's density beside the exact one, or that of the data where none is known, in one scale.",
  "plane-latent-grid":
    "Lines of constant latent coordinates, at even quantiles of the base distribution, carried to the plane by the flow.",
  "plane-training": "The model's density after some epochs of training, at its best, and what it approaches.",
};

/** Figures of a model of the plane: density, latent grid where it is a flow, training; undefined for other spaces. */
export async function planeFigures(
  fitted: FittedExact,
  dataset: Dataset,
  { system, events, key }: { system: System | undefined; events: readonly TrainEvent[]; key: Key },
): Promise<FigureData["planes"]> {
  const { space, contextSize, flow } = fitted.model;
  if (!isPlane(space) || contextSize > 0) return undefined;
  const { x } = partRows(dataset, "all");
  const grid = planeGrid(space, x, cells);
  const exact = system && systemDensity(system, grid);
  const figures: Record<string, NonNullable<FigureData["planes"]>[string]> = {
    density: exact
      ? {
          ...grid,
          panels: [
            { title: "exact", density: exact },
            { title: "model", density: await modelDensity(fitted, grid) },
          ],
        }
      : await besideRows(fitted, x, { ...grid, size: countedCells }),
  };
  if (flow)
    figures["latent-grid"] = {
      ...grid,
      panels: [{ title: "latent grid", lines: await latentGrid(fitted, { key }) }],
    };
  const snapshots = events.flatMap((event) =>
    event.type === "picture" && event.name === "density"
      ? [{ epoch: event.round, ...(event.data as PlaneGrid & { values: readonly number[] }) }]
      : [],
  );
  const [first] = snapshots;
  if (first) {
    const { size } = first;
    const at: PlaneGrid = { x: first.x, y: first.y, size };
    const target = (system && systemDensity(system, at)) ?? rowDensity(x, at);
    const last: PlanePanel = { title: system?.exact ? "exact" : "data", density: target };
    const chosen = evenly(snapshots, shownSnapshots);
    const most = 1.2 * (Float64Array.from(target).sort()[Math.floor(0.998 * size * size)] as number);
    figures.training = {
      ...at,
      across: 3,
      most,
      panels: [
        ...chosen.map(({ epoch, values }) => ({ title: `epoch ${epoch}`, density: values })),
        { title: "best", density: await modelDensity(fitted, at) },
        last,
      ],
    };
  }
  return figures;
}

async function besideRows(fitted: FittedExact, x: Dataset["x"], grid: PlaneGrid) {
  const panels = [
    { title: "data", density: rowDensity(x, grid) },
    { title: "model", density: await modelDensity(fitted, grid) },
  ];
  return { ...grid, panels };
}

/** At most `count` of them, the first and the last among them. */
function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, k) => all[Math.round((k * (all.length - 1)) / (count - 1))] as T);
}
