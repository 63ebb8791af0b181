import {
  gridPoints,
  isPlane,
  type PlaneGrid,
  partRows,
  planeGrid,
  rowDensity,
  systemDensity,
} from "../../evaluate/index.ts";
import { byKind } from "../../models/fitted/fitted.ts";
import type { FittedImplicit } from "../../models/fitted/implicit.ts";
import { type PlanePanel, planeDensities, players } from "../../report/index.ts";
import { independentMean } from "../../stats/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Figure, Panel } from "../study.ts";

/** Cells along each side of what is computed, and of what is counted in rows. */
const cells = 64;
/** Most snapshots of a training that a figure shows. */
const shownSnapshots = 4;
/** Rows that scores of training rows and of others are compared on, at most. */
const compared = 2000;
/** Errors that a difference must exceed, and nats, to be told. */
const [SIGMAS, NATS] = [4, 0.5];

/** How a generator and its discriminator got on: their costs through training, and in the plane what the discriminator says. */
export const adversary: Panel<FitSubject> = {
  name: "adversary",
  applies: ({ fitted: { model } }) => model.kind === "implicit" && model.critic !== undefined,
  async look(subject, at) {
    const of = byKind<FittedImplicit | undefined>(subject.fitted, {
      implicit: (own) => own,
      exact: () => undefined,
      bounded: () => undefined,
      energy: () => undefined,
    }) as FittedImplicit;
    const figures = [...costFigures(subject)];
    const isFlat = isPlane(subject.dataset.space) && !of.model.context;
    if (isFlat) figures.push(...(await planeFigures(of, subject, (await subject.drawn(at)).x)));
    return { figures, warnings: await memorised(of, subject) };
  },
};

/** Costs of both players, and how many rows the discriminator tells apart. */
function costFigures({ events }: FitSubject): Figure[] {
  const rounds = events.filter((event) => event.type === "round");
  const series = (name: string) =>
    rounds.flatMap(({ step, losses }) => (losses[name] === undefined ? [] : [{ step, value: losses[name] }]));
  if (rounds.length < 2 || series("D").length === 0) return [];
  const accuracy = series("accuracy");
  const isRatio = accuracy.length > 0;
  return [
    {
      name: "players-cost",
      caption: isRatio
        ? "Costs of discriminator D and generator G, means between two looks. At log 2 the discriminator cannot tell data from samples."
        : "Costs of critic D and generator G, means between two looks.",
      svg: players({
        quantity: isRatio ? "cost (nats)" : "cost",
        series: [
          { name: "D", points: series("D") },
          { name: "G", points: series("G") },
        ],
        ...(isRatio && { balance: { value: Math.LN2, label: "log 2" } }),
      }),
    },
    ...(isRatio
      ? [
          {
            name: "players-accuracy",
            caption:
              "Share of rows of data and samples that the discriminator takes for what they are, means between two looks; ½ is guessing.",
            svg: players({
              quantity: "accuracy of D",
              series: [{ name: "D", points: accuracy }],
              balance: { value: 0.5, label: "guessing" },
            }),
          },
        ]
      : []),
  ];
}

/** Densities of data and samples, and the discriminator beside the best one for both. */
async function planeFigures(
  of: FittedImplicit,
  subject: FitSubject,
  x: FitSubject["all"]["x"],
): Promise<Figure[]> {
  const { system, all, events } = subject;
  const grid = planeGrid(of.model.space, all.x, cells);
  const known = system && systemDensity(system, grid);
  const [data, samples] = [known ?? rowDensity(all.x, grid), rowDensity(x, grid)];
  const scores = await of.scores(gridPoints(grid));
  const isRatio = of.model.critic?.isRatio === true;
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const field = scores.map((s) => (isRatio ? 1 / (1 + Math.exp(-s)) : (s - low) / (high - low || 1)));
  const count = x.shape[0] as number;
  const cell = ((grid.x[1] - grid.x[0]) * (grid.y[1] - grid.y[0])) / grid.size ** 2;
  // Where neither has rows nothing can be said.
  const best = data.map((p, i) => {
    const q = samples[i] as number;
    return q === 0 && p * cell * count < 1 ? 0.5 : p / (p + q);
  });
  const from = known ? "exact density" : "density of the rows";
  return [
    {
      name: "plane-density",
      caption: `The ${from} beside that of samples, counted in cells.`,
      svg: planeDensities({
        ...grid,
        panels: [
          { title: known ? "exact" : "data", density: data },
          { title: "samples", density: samples },
        ],
      }),
    },
    {
      name: "plane-discriminator",
      caption: isRatio
        ? `What the discriminator takes for data, beside p/(p + q) of the ${from} p and the samples' counted density q: the best that it could say; ½ where neither has rows.`
        : `Scores of the critic from the lowest to the highest, beside p/(p + q) of the ${from} p and the samples' counted density q.`,
      svg: planeDensities({
        ...{ ...grid, most: 1, quantity: isRatio ? "probability" : "from lowest to highest" },
        panels: [
          { title: isRatio ? "D(x)" : "scores", density: field },
          { title: "p/(p + q)", density: best },
        ],
      }),
    },
    ...snapshots(events, (at) => (system && systemDensity(system, at)) ?? rowDensity(all.x, at)),
  ];
}

/** Samples of one noise at moments of the training. */
function snapshots(events: FitSubject["events"], target: (at: PlaneGrid) => Float64Array): Figure[] {
  const all = events.flatMap((event) =>
    event.type === "picture" && event.name === "density"
      ? [{ step: event.step, ...(event.data as PlaneGrid & { values: readonly number[] }) }]
      : [],
  );
  const [first] = all;
  if (!first) return [];
  const at: PlaneGrid = { x: first.x, y: first.y, size: first.size };
  const shown = all.slice(-shownSnapshots);
  const panels: PlanePanel[] = shown.map(({ step, values }) => ({ title: `step ${step}`, density: values }));
  return [
    {
      name: "plane-training",
      caption: "Samples by the same random numbers at steps of the training, and what they approach.",
      svg: planeDensities({ ...at, across: 3, panels: [{ title: "data", density: target(at) }, ...panels] }),
    },
  ];
}

/** Whether the discriminator scores training rows above others, which it could only by knowing them. */
async function memorised(of: FittedImplicit, { dataset, scored }: FitSubject): Promise<string[]> {
  const { train } = dataset.splits;
  if (of.model.context || of.model.critic?.isRatio !== true || train.length === 0) return [];
  const own = partRows(dataset, "train").x;
  const meanOf = async (x: typeof own) => independentMean((await of.scores(x)).subarray(0, compared));
  if (scored.x.shape[0] === own.shape[0] && scored.x.shape[0] === dataset.x.shape[0]) return [];
  const [known, fresh] = [await meanOf(own), await meanOf(scored.x)];
  const [difference, error] = [known.value - fresh.value, Math.hypot(known.error, fresh.error)];
  if (!(difference > NATS && difference > SIGMAS * error)) return [];
  return [
    `the discriminator scores training rows ${difference.toFixed(2)} nats above other rows: it has learnt them by heart; ` +
      "take fewer units, diffAugment, or more rows",
  ];
}
