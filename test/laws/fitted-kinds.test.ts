import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../src/array.ts";
import { type Dataset, makeDataset } from "../../src/data/dataset.ts";
import { levelCount, sites } from "../../src/data/space.ts";
import { energyDistance } from "../../src/evaluate/index.ts";
import { pointEncoder } from "../../src/evaluate/points.ts";
import { isArray } from "../../src/models/arrays.ts";
import type { Domain, Model } from "../../src/models/contract.ts";
import { createModel, fitted } from "../../src/models/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { mean } from "../../src/stats/index.ts";
import { leavesWithPaths } from "../../src/tensor/tree.ts";
import { type FitOptions, fit, type TrainEvent } from "../../src/train/index.ts";
import { stoppedAt } from "../stopped.ts";
import { cases as bounded } from "./bounded-models.ts";
import { cases as implicit } from "./implicit-models.ts";
import { contextRows, domainOf, rowsIn } from "./models/domain.ts";
import type { GeneratorParameters } from "./models/linear-gaussian.ts";
import { logProb } from "./models/ppca-known.ts";

/** Correlated normal rows with means 1, 2, …, or their quantiles, and a context where the domain has one. */
function rowsOf(domain: Domain, rows: number): Dataset {
  const n = sites(domain.space);
  const noise = normal(Key.fromSeed(12), rows * (n + 1), "f32");
  const isPlain = domain.space.kind === "real" && !domain.space.bounds;
  const x = Float32Array.from({ length: rows * n }, (_, i) => {
    const [row, site] = [Math.floor(i / n), i % n];
    const shared = noise[row * (n + 1)] as number;
    const middle = isPlain ? 1 + site : 0;
    return (
      middle + (site % 2 === 0 ? shared : -0.7 * shared) + 0.5 * (noise[row * (n + 1) + 1 + site] as number)
    );
  });
  const given = rowsIn(domain.space, x);
  const context = contextRows(domain, rows);
  const arrays = {
    x: levelCount(domain.space) === undefined ? given : whole(given),
    ...(context && { context }),
  };
  return makeDataset({ arrays }, "rows", { space: domain.space });
}

/** Grey levels as files hold them. */
const whole = ({ shape, data }: NDArray) =>
  arrayFrom("u8", shape, Array.from(data as Float32Array, Math.floor));

const numbersOf = (parameters: unknown) =>
  leavesWithPaths(parameters as never, isArray).flatMap(([, { data }]) => [...data]);

/** What the rounds of a training tell, without the time they took. */
const rounds = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === "round" ? [{ ...event, seconds: 0 }] : []));

async function trained(model: Model, data: Dataset, options: FitOptions, hooks = {}) {
  const events: TrainEvent[] = [];
  const handle = await fit(model, data, options, hooks).result((event) => events.push(event));
  await handle.release();
  return { numbers: numbersOf(handle.parameters), events: rounds(events), handle };
}

describe.each([...bounded, ...implicit])("$name", ({ make, domain }) => {
  test("a fit that is stopped and resumed ends with the same bits, and tells the same", async () => {
    const data = rowsOf(domain, 250);
    const options = { epochs: 4, batch: 20, lr: 0.02, average: 0.9, schedule: "cosine" } as const;
    const model = make() as Model;
    const whole = await trained(model, data, options);
    // Of codes that have a distribution a second course goes on.
    expect(whole.events).toHaveLength(model.prior ? 8 : 4);
    const start = numbersOf(model.init(Key.fromSeed(0).split(5)[0] as Key));
    // Every free parameter has moved, by some player; of a distribution over codes only those of codes that rows have.
    const least = model.prior ? 0.4 : 0.7;
    expect(whole.numbers.filter((v, i) => v !== start[i]).length).toBeGreaterThan(least * start.length);
    for (const stop of [7]) {
      const { hooks, checkpoint } = stoppedAt(stop);
      const before: TrainEvent[] = [];
      const error = await fit(model, data, options, hooks)
        .result((event) => before.push(event))
        .catch((error: { code: string }) => error.code);
      expect(error).toBe("interrupted");
      const rest = await trained(model, data, options, { resume: checkpoint() });
      expect(rest.numbers).toEqual(whole.numbers);
      expect([...rounds(before), ...rest.events]).toEqual(whole.events);
    }
  });
});

test("by its bound ppca comes as near to the data as by its likelihood, and never calls the bound one", async () => {
  const data = rowsOf(domainOf(bounded[0]?.domain.space as Domain["space"]), 1000);
  const options = { epochs: 60, batch: 50, lr: 0.02 };
  const byBound = await trained(createModel("ppca", data.space, { latent: 1 }), data, options);
  const exact = await trained(createModel("ppca-exact", data.space, { latent: 1 }), data, options);
  const ofRows = ({ handle }: { handle: { parameters: unknown } }) =>
    mean(logProb(handle.parameters as GeneratorParameters, data.x));
  expect(ofRows(byBound)).toBeGreaterThan(ofRows(exact) - 0.02);
  // The encoder has come to the posterior: what the fit watches is log P, but for some hundredths.
  const last = byBound.events.at(-1);
  expect(Object.keys(last?.losses ?? {}).sort()).toEqual(["KL", "NLL bound", "reconstruction"]);
  expect(last?.measures.NLL).toMatchObject({ unit: "nats", bound: "upper" });
  const { reconstruction = 0, KL = 0, "NLL bound": bound = 0 } = last?.losses ?? {};
  expect(bound).toBeCloseTo(KL - reconstruction, 4);
});

test.each(["energy-score", "critic"] as const)(
  "by its %s a network of noise comes near the data, from far away",
  async (training) => {
    const data = rowsOf(domainOf(implicit[1]?.domain.space as Domain["space"]), 1000);
    const model = createModel("noise-network", data.space, { training, noise: 2, hidden: 4 });
    // A game of three updates a step has a third of the steps.
    const options = { epochs: training === "critic" ? 300 : 60, batch: 50, lr: 0.02, patience: 0 };
    const { handle, events } = await trained(model, data, options);
    const distanceOf = async (parameters: unknown) => {
      const own = fitted(model, parameters as never);
      const { x } = (await own.sample(1000, { seed: 3 })) as { x: NDArray };
      await own.release();
      const encode = pointEncoder(data.space, data.x);
      return (await energyDistance(encode(x), encode(data.x))).value;
    };
    const first = await distanceOf(model.init(Key.fromSeed(1)));
    expect(await distanceOf(handle.parameters)).toBeLessThan(0.05 * first);
    expect(Object.keys(events.at(-1)?.losses ?? {})).toContain(
      training === "critic" ? "critic" : "energy score",
    );
  },
);
