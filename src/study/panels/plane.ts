import type { Dataset } from "../../data/dataset.ts";
import {
  isPlane,
  modelDensity,
  type PlaneGrid,
  planeGrid,
  rowDensity,
  systemDensity,
} from "../../evaluate/index.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { byKind } from "../../models/fitted/fitted.ts";
import { latentGrid } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import { type PlaneDensitiesData, type PlanePanel, planeDensities } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Figure, Panel } from "../study.ts";

/** Cells along each side of a density. */
const cells = 160;
/** Cells along each side of counted rows, which need more than a few each. */
const countedCells = 64;
/** Maximum number of snapshots of a training in a figure. */
const shownSnapshots = 4;

/** Densities of a model of the plane, its latent grid if it is a flow, and the densities during training. */
export const plane: Panel<FitSubject> = {
  name: "plane",
  applies: ({ fitted: { model } }) => model.kind === "exact" && isPlane(model.space) && !model.context,
  async look(subject) {
    const figures = await byKind<Promise<Figure[]> | undefined>(subject.fitted, {
      exact: (own) => figuresOf(own, subject),
      bounded: () => undefined,
      energy: () => undefined,
      implicit: () => undefined,
    });
    return { figures };
  },
};

const figure = (name: string, caption: string, data: PlaneDensitiesData): Figure => ({
  name: `plane-${name}`,
  caption,
  svg: planeDensities(data),
});

async function figuresOf(fitted: FittedExact, subject: FitSubject): Promise<Figure[]> {
  const { system, events, seed } = subject;
  const { x } = subject.all;
  const grid = planeGrid(fitted.model.space, x, cells);
  const exact = system && systemDensity(system, grid);
  const density = exact
    ? {
        ...grid,
        panels: [
          { title: "exact", density: exact },
          { title: "model", density: await modelDensity(fitted, grid) },
        ],
      }
    : await besideRows(fitted, x, { ...grid, size: countedCells });
  const figures = [
    figure(
      "density",
      "The model's density beside the exact one, or that of the data where none is known, in one scale.",
      density,
    ),
  ];
  if (fitted.model.flow)
    figures.push(
      figure(
        "latent-grid",
        "Lines of constant latent coordinates, at even quantiles of the base distribution, carried to the plane by the flow.",
        {
          ...grid,
          panels: [
            { title: "latent grid", lines: await latentGrid(fitted, { key: Key.fromSeed(seed).fold(2) }) },
          ],
        },
      ),
    );
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
    const data = {
      ...at,
      across: 3,
      most,
      panels: [
        ...chosen.map(({ epoch, values }) => ({ title: `epoch ${epoch}`, density: values })),
        { title: "best", density: await modelDensity(fitted, at) },
        last,
      ],
    };
    figures.push(
      figure(
        "training",
        "The model's density after some epochs of training, at its best, and what it approaches.",
        data,
      ),
    );
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
