import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { real } from "../data/space.ts";
import { isArray } from "../models/arrays.ts";
import type { ImplicitModel, Parameters, Symbolic } from "../models/contract.ts";
import { createModel } from "../models/registry.ts";
import { glorotInit } from "../nn/init.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { matmul, mean, square, sub, sum, type Tensor } from "../tensor/index.ts";
import { leavesWithPaths } from "../tensor/tree.ts";
import type { TrainEvent } from "./event.ts";
import { fit } from "./fit.ts";
import type { TrainHooks } from "./hooks.ts";

type Matrix = ReturnType<typeof glorotInit>;
type LinearParameters = { readonly encoder: Matrix; readonly decoder: Matrix; readonly prior: Parameters };

const density = createModel("realnvp", real([2]), { couplings: 2, hidden: [8] });

/** x ↦ x E ↦ x E D by squared error, with a flow over its codes that is fitted afterwards. */
const linear: ImplicitModel<LinearParameters> = {
  kind: "implicit",
  family: "linear",
  hyperparameters: {},
  space: real([4]),
  init: (key) => ({
    encoder: glorotInit(key.fold(0), 4, 2),
    decoder: glorotInit(key.fold(1), 2, 4),
    prior: density.init(key.fold(2)),
  }),
  coding: {
    codes: real([2]),
    encode: (p, x) => matmul(x, p.encoder),
    decode: (p, codes) => matmul(codes, p.decoder),
  },
  prior: { model: density, path: "prior" },
  objective: ({ optimiser }) => ({
    players: [
      { name: "error", optimiser, loss: ({ parameters, x }) => ({ loss: mean(missed(parameters, x)) }) },
    ],
  }),
  monitor: { name: "error", rows: (p, x) => missed(p, x), estimated: false, selects: true },
  sample: (p, key) => ({ x: matmul(density.sample(p.prior as never, key).x, p.decoder) }),
};

const missed = (p: Symbolic<LinearParameters>, x: Tensor) =>
  sum(square(sub(x, matmul(matmul(x, p.encoder), p.decoder))), 1);

/** Rows that lie close to a plane of four dimensions. */
const noise = normal(Key.fromSeed(5), 400 * 6, "f32");
const dataset = makeDataset(
  {
    arrays: {
      x: ndarray(
        "f32",
        [400, 4],
        Float32Array.from({ length: 1600 }, (_, i) => {
          const [row, column] = [Math.floor(i / 4), i % 4];
          const at = (k: number) => noise[row * 6 + k] as number;
          return at(column % 2) * (column < 2 ? 1.5 : -0.7) + 0.1 * at(2 + column);
        }),
      ),
    },
  },
  "plane",
  { space: "real" },
);

const options = { schedule: "cosine", epochs: 3, batch: 40, lr: 0.02, seed: 2 } as const;

async function run(hooks: TrainHooks = {}): Promise<{ bits: string[]; events: TrainEvent[] }> {
  const events: TrainEvent[] = [];
  const fitted = await fit(linear, dataset, options, hooks).result((event) => events.push(event));
  const bits = leavesWithPaths(fitted.parameters, isArray).map(
    ([path, { data }]) => `${path} ${data.join()}`,
  );
  await fitted.release();
  return { bits, events };
}

test("a prior over codes is a second course, and resumes to the same bits in either and between them", async () => {
  const kept: { bytes: Uint8Array; course: number }[] = [];
  let course = 0;
  const { bits, events } = await (async () => {
    const all: TrainEvent[] = [];
    const training = fit(linear, dataset, options, {
      saveCheckpoint: async (bytes) => void kept.push({ bytes, course }),
    });
    const fitted = await training.result((event) => {
      all.push(event);
      if (event.type === "done") course++;
    });
    const found = leavesWithPaths(fitted.parameters, isArray);
    await fitted.release();
    return { bits: found.map(([path, { data }]) => `${path} ${data.join()}`), events: all };
  })();
  expect(events.filter(({ type }) => type === "start")).toMatchObject([{}, { course: 1, batch: 100 }]);
  const rounds = events.flatMap((event) => (event.type === "round" ? [Object.keys(event.measures)[0]] : []));
  expect(rounds).toEqual(["error", "error", "error", "NLL", "NLL", "NLL"]);
  expect(bits.filter((line) => line.startsWith("prior.")).length).toBeGreaterThan(0);
  // Beginning, middle and end of both courses: the end of the first is the boundary.
  expect(new Set(kept.map((one) => one.course))).toEqual(new Set([0, 1]));
  for (const { bytes } of kept) expect((await run({ resume: bytes })).bits).toEqual(bits);
});

test("the second course leaves the encoder as the first ended, and learns the codes", async () => {
  const { events } = await run();
  const nll = events.flatMap((event) =>
    event.type === "round" && event.measures.NLL && "value" in event.measures.NLL
      ? [event.measures.NLL.value]
      : [],
  );
  expect(nll.at(-1)).toBeLessThan(nll[0] as number);
});

test("a prior over another space than the codes is refused", () => {
  const odd = { ...linear, prior: { model: createModel("realnvp", real([3])), path: "prior" } };
  const training = fit(odd, dataset, options);
  return expect(training.result()).rejects.toThrow("linear: the prior is over another space than the codes");
});
