import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, ndarray, takeRows } from "../../src/array.ts";
import { readSafetensors, writeSafetensors } from "../../src/data/formats/safetensors.ts";
import { siteShape, sites, stateCount } from "../../src/data/space.ts";
import { logPartition, sideStates } from "../../src/models/approximate/enumerate.ts";
import { isArray, modelRows, storedRows } from "../../src/models/arrays.ts";
import {
  type EnergyModel,
  type EnergyParameters,
  type Enumeration,
  inputType,
} from "../../src/models/contract.ts";
import { FittedEnergy } from "../../src/models/fitted/energy.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { Program } from "../../src/runtime/program.ts";
import { KEY, Spec, trace } from "../../src/runtime/trace.ts";
import { chiSquaredTest, kolmogorovTest, sum } from "../../src/stats/index.ts";
import { valueAndGrad } from "../../src/tensor/grad.ts";
import { constant, mean, sub } from "../../src/tensor/index.ts";
import { isTensor } from "../../src/tensor/tensor.ts";
import { leaves, leavesWithPaths, mapTree } from "../../src/tensor/tree.ts";
import {
  asDouble,
  type Case,
  cases,
  disturbed,
  everyConfiguration,
  indices,
  someReals,
} from "./approximate-models.ts";

const logSum = (values: ArrayLike<number>) => {
  const top = Math.max(...Array.from(values));
  return top + Math.log(sum(Array.from(values, (v) => Math.exp(v - top))));
};

/** Runs a function of parameters and arrays in double precision. */
async function inDouble(
  parameters: EnergyParameters,
  f: (p: never, ...rest: never[]) => unknown,
  rest: readonly NDArray<DType>[],
): Promise<NDArray<"f64">[]> {
  const specs = mapTree(parameters, isArray, ({ shape }) => new Spec(shape, "f64"));
  const program = await Program.compile(
    trace(f as never, [specs, ...rest.map(({ shape, dtype }) => new Spec(shape, dtype))] as never),
  );
  const out = await program.run([...leaves(parameters, isArray).map(asDouble), ...rest]);
  await program.release();
  return out as NDArray<"f64">[];
}

/** Rows as a model in double precision takes them. */
function doubleRows({ space }: Case, x: NDArray): NDArray<DType> {
  const rows = modelRows(space, x, 0, x.shape[0] as number);
  return rows.dtype === "i32" ? rows : arrayFrom("f64", rows.shape, rows.data as Float32Array);
}

const one = (t: number) => arrayFrom("f64", [], [t]);
/** log f_t of rows, in double precision. */
async function logPath(c: Case, model: EnergyModel, p: EnergyParameters, x: NDArray, t: number) {
  const [out] = await inDouble(p, (p, x, t) => model.path.logWeight(p, x, t), [doubleRows(c, x), one(t)]);
  return (out as NDArray<"f64">).data;
}

const ROWS = 20_000;
const temperatures = [0, 0.3, 0.8, 1];
/** Of some hundred tests in this file one in ten thousand runs may fail by chance, and seeds are fixed. */
const LEAST_P = 1e-6;

/** Draws row indices with the given probabilities by their cumulated sums, evenly spread: no noise of their own. */
function stratified(probabilities: Float64Array, rows: number): Uint32Array {
  const out = new Uint32Array(rows);
  let [index, below] = [0, probabilities[0] as number];
  for (let row = 0; row < rows; row++) {
    while ((row + 0.5) / rows > below && index < probabilities.length - 1)
      below += probabilities[++index] as number;
    out[row] = index;
  }
  return out;
}

describe.each(cases)("$name", (c) => {
  const model = c.make();
  const parameters = disturbed(model);
  const discrete = c.space.kind !== "real";
  const some = discrete ? everyConfiguration(c.space) : someReals(c.space, 200, 1.5);

  test("the path ends at the log-weight and starts at independent sites", async () => {
    const [weight] = await inDouble(parameters, (p, x) => model.logWeight(p, x), [doubleRows(c, some)]);
    const end = await logPath(c, model, parameters, some, 1);
    const logs = (weight as NDArray<"f64">).data;
    expect(Math.max(...logs.map((w, i) => Math.abs(w - (end[i] as number))))).toBeLessThan(1e-10);
    expect(Math.max(...logs) - Math.min(...logs)).toBeGreaterThan(1);
    if (!discrete) return;
    const start = await logPath(c, model, parameters, some, 0);
    expect(Math.abs(logSum(start))).toBeLessThan(1e-12);
    // Independent: log P of the first site and of the rest add up.
    const states = Math.round(some.shape[0] as number) ** (1 / sites(c.space));
    const k = Math.round(states);
    const first = Array.from({ length: k }, (_, s) => logSum(start.filter((_, i) => i % k === s)));
    const rest = Array.from({ length: start.length / k }, (_, r) => logSum(start.slice(r * k, (r + 1) * k)));
    for (const [i, l] of start.entries())
      expect(l).toBeCloseTo((first[i % k] as number) + (rest[Math.floor(i / k)] as number), 10);
  });

  test("a temperature for each row is the same as one for all", async () => {
    const rows = doubleRows(c, some);
    const n = rows.shape[0] as number;
    const t = Float64Array.from({ length: n }, (_, i) => (i % 3) / 2);
    const [mixed] = await inDouble(parameters, (p, x, t) => model.path.logWeight(p, x, t), [
      rows,
      arrayFrom("f64", [n], t),
    ]);
    for (const s of [0, 0.5, 1]) {
      const all = await logPath(c, model, parameters, some, s);
      (mixed as NDArray<"f64">).data.forEach((w, i) => {
        if (t[i] === s) expect(w).toBeCloseTo(all[i] as number, 10);
      });
    }
  });

  test.runIf(discrete)("log Z by either side is that of every configuration", async () => {
    const enumeration = model.enumeration as Enumeration;
    const [weight] = await inDouble(parameters, (p, x) => model.logWeight(p, x), [doubleRows(c, some)]);
    const exact = logSum((weight as NDArray<"f64">).data);
    const [logZ] = await inDouble(parameters, (p) => logPartition(model, p), []);
    expect((logZ as NDArray<"f64">).data[0]).toBeCloseTo(exact, 10);
    const { units, states } = enumeration;
    expect(sideStates(units, states, 0, states ** units).shape).toEqual([states ** units, units]);
  });

  test.runIf(discrete)("draws of the reference follow it", async () => {
    const start = await logPath(c, model, parameters, some, 0);
    const program = await Program.compile(
      trace(((key: never) => model.path.draw(constants(parameters), key, ROWS)) as never, [KEY]),
    );
    const [x] = await program.run([], { keys: [Key.fromSeed(1)] });
    await program.release();
    expect(pOfRows(c, x as NDArray<DType>, start)).toBeGreaterThan(LEAST_P);
  });

  test.runIf(discrete).each(temperatures)("a sweep leaves f_t invariant at t = %d", async (t) => {
    const logs = await logPath(c, model, parameters, some, t);
    const total = logSum(logs);
    const x = takeRows(
      some,
      stratified(
        logs.map((l) => Math.exp(l - total)),
        ROWS,
      ),
    );
    const swept = await sweep(c, model, parameters, x, t);
    // Were every row to stay, the counts would agree far better than chance allows.
    expect(indices(c.space, swept)).not.toEqual(indices(c.space, modelRows(c.space, x, 0, ROWS)));
    expect(pOfRows(c, swept, logs)).toBeGreaterThan(LEAST_P);
  });

  test.runIf(discrete)(
    "a sweep leaves the conditional given known sites invariant, and those sites alone",
    async () => {
      const n = sites(c.space);
      const logs = await logPath(c, model, parameters, some, 0.9);
      const total = logSum(logs);
      const probabilities = logs.map((l) => Math.exp(l - total));
      const x = takeRows(some, stratified(probabilities, ROWS));
      // From the whole distribution the joint one is left invariant if each conditional is.
      const known = arrayFrom(
        "f32",
        [ROWS, ...siteShape(c.space)],
        Array.from({ length: ROWS * n }, (_, i) => (i % n) % 2),
      );
      const swept = await sweep(c, model, parameters, x, 0.9, known);
      const before = modelRows(c.space, x, 0, ROWS);
      for (let i = 0; i < ROWS * n; i++)
        if (known.data[i] === 1 && swept.data[i] !== before.data[i]) throw new Error("moved");
      expect(indices(c.space, swept)).not.toEqual(indices(c.space, before));
      expect(pOfRows(c, swept, logs)).toBeGreaterThan(LEAST_P);
    },
  );

  test("chains reach the model from the reference, the same bits by the same key", async () => {
    const fitted = new FittedEnergy(model, parameters);
    const options = { key: Key.fromSeed(3), chains: 2000, burnIn: 40, thin: 10 };
    const { x, logWeight } = await fitted.sample(2000, options);
    const again = await fitted.sample(2000, options);
    expect(again.x.data).toEqual(x.data);
    const scored = await fitted.logWeight(x);
    for (const [i, w] of logWeight.entries()) expect(w).toBeCloseTo(scored[i] as number, 3);
    const other = await fitted.sample(1, { ...options, key: Key.fromSeed(4), chains: 1 });
    expect(other.x.shape).toEqual([1, ...siteShape(c.space)]);
    await fitted.release();
    if (discrete) {
      const logs = await logPath(c, model, parameters, some, 1);
      expect(pOfRows(c, modelRows(c.space, x, 0, 2000), logs)).toBeGreaterThan(LEAST_P);
    } else if (sites(c.space) === 1) {
      // One real site: its distribution by the trapezoidal rule, independent chains by Kolmogorov's test.
      const [low, step, count] = [-12, 0.01, 2401];
      const grid = ndarray(
        "f32",
        [count, 1],
        Float32Array.from({ length: count }, (_, i) => low + i * step),
      );
      const logs = await logPath(c, model, parameters, grid, 1);
      const most = Math.max(...logs);
      const below = new Float64Array(count);
      for (let i = 1; i < count; i++)
        below[i] =
          (below[i - 1] as number) +
          (Math.exp((logs[i] as number) - most) + Math.exp((logs[i - 1] as number) - most)) / 2;
      const cdf = (v: number) => {
        const place = Math.min(count - 1.001, Math.max(0, (v - low) / step));
        const i = Math.floor(place);
        const [a, b] = [below[i] as number, below[i + 1] as number];
        return (a + (b - a) * (place - i)) / (below[count - 1] as number);
      };
      expect(kolmogorovTest(Float64Array.from(x.data as Float32Array), cdf).pValue).toBeGreaterThan(LEAST_P);
    } else if (model.enumeration) {
      const exact = await exactRows(c, model, parameters, 2000);
      const n = sites(c.space);
      for (let i = 0; i < n; i++) {
        const column = (a: NDArray) =>
          Float64Array.from({ length: 2000 }, (_, r) => Number(a.data[r * n + i]));
        const reference = column(exact).sort();
        const cdf = (v: number) => reference.filter((r) => r < v).length / 2000;
        // Both sides are samples: the distance of two is √2 that of one from its distribution.
        expect(kolmogorovTest(column(x), cdf).statistic).toBeLessThan(0.08);
      }
    }
  });

  test.runIf(discrete && model.logPseudoLikelihood)(
    "the pseudo-likelihood is the sum of every site's conditional",
    async () => {
      const x = doubleRows(c, some);
      const [pseudo] = await inDouble(parameters, (p, v) => model.logPseudoLikelihood?.(p, v), [x]);
      const [weight] = await inDouble(parameters, (p, v) => model.logWeight(p, v), [x]);
      const logs = (weight as NDArray<"f64">).data;
      const [n, k] = [sites(c.space), stateCount(c.space) as number];
      for (const [row, value] of (pseudo as NDArray<"f64">).data.entries()) {
        let expected = 0;
        for (let i = 0; i < n; i++) {
          const zero = row - (Math.floor(row / k ** i) % k) * k ** i;
          const all = Array.from({ length: k }, (_, s) => logs[zero + s * k ** i] as number);
          expected += (logs[row] as number) - logSum(all);
        }
        expect(value).toBeCloseTo(expected, 9);
      }
    },
  );

  test.runIf(model.enumeration && discrete)(
    "the gradient of the exact NLL is that of central differences",
    async () => {
      const x = doubleRows(
        c,
        takeRows(
          some,
          Uint32Array.from({ length: 5 }, (_, i) => i * 3),
        ),
      );
      const loss = (p: never, v: never) => sub(logPartition(model, p), mean(model.logWeight(p, v)));
      const gradients = await inDouble(
        parameters,
        (p, v) => leaves(valueAndGrad(loss as never)(p, v as never).gradient, isTensor),
        [x],
      );
      for (const [i, [path, array]] of leavesWithPaths(parameters, isArray).entries()) {
        if (path === "reference") continue;
        const g = (gradients[i] as NDArray<"f64">).data;
        const mask = model.masks?.[path];
        const direction = normal(Key.fromSeed(12).fold(i), g.length, "f64").map(
          (v, j) => v * (mask?.[j] ?? 1),
        );
        const at = async (h: number) => {
          const moved = mapTree(parameters, isArray, (a, name) =>
            name === path
              ? { ...a, data: Float64Array.from(a.data, (v, j) => v + h * (direction[j] as number)) }
              : a,
          );
          const [value] = await inDouble(moved as never, loss, [x]);
          return Number((value as NDArray).data[0]);
        };
        const numeric = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5;
        const analytic = sum(g.map((v, j) => v * (direction[j] as number)));
        expect(Math.abs(analytic - numeric), path).toBeLessThan(1e-7 * Math.max(1, Math.abs(numeric)));
        expect(array.data.length).toBe(g.length);
      }
    },
  );

  test("saved and loaded, the same numbers", async () => {
    const paths = leavesWithPaths(parameters, isArray);
    const { tensors } = readSafetensors(writeSafetensors(Object.fromEntries(paths)), "memory");
    const loaded = mapTree(
      parameters,
      isArray,
      (_, path) => tensors[path] as NDArray<"f32">,
    ) as EnergyParameters;
    const [a, b] = [new FittedEnergy(model, parameters), new FittedEnergy(model, loaded)];
    expect(await b.logWeight(some)).toEqual(await a.logWeight(some));
    await a.release();
    await b.release();
  });

  test("the family's estimate of the number of parameters is no less, and less than twice as many", () => {
    const count = sum(leavesWithPaths(parameters, isArray).map(([, { data }]) => data.length));
    expect(c.parameterCount()).toBeGreaterThanOrEqual(count);
    expect(c.parameterCount()).toBeLessThan(2 * count);
  });
});

/** Parameters as constants of a traced function. */
function constants(parameters: EnergyParameters): never {
  return mapTree(parameters, isArray, (array) => constant(array)) as never;
}

/** p-value that rows have the probabilities ∝ exp(logs) of all configurations. */
function pOfRows({ space }: Case, x: NDArray<DType>, logs: Float64Array): number {
  const rows = x.shape[0] as number;
  const counts = new Float64Array(logs.length);
  for (const i of indices(space, x)) (counts[i] as number)++;
  const total = logSum(logs);
  return chiSquaredTest(
    counts,
    logs.map((l) => Math.exp(l - total) * rows),
  ).pValue;
}

async function sweep(
  { space }: Case,
  model: EnergyModel,
  parameters: EnergyParameters,
  x: NDArray,
  t: number,
  known?: NDArray<"f32">,
): Promise<NDArray<DType>> {
  const rows = modelRows(space, x, 0, x.shape[0] as number);
  const f = (key: never, x: never, t: never, known?: never) =>
    model.path.sweep(constants(parameters), x, t, key, known);
  const specs = [
    KEY,
    new Spec(rows.shape, inputType(space)),
    new Spec([]),
    ...(known ? [new Spec(known.shape)] : []),
  ];
  const program = await Program.compile(trace(f as never, specs as never));
  const arrays = [rows, arrayFrom("f32", [], [t]), ...(known ? [known] : [])];
  const [out] = await program.run(arrays, { keys: [Key.fromSeed(2)] });
  await program.release();
  return out as NDArray<DType>;
}

/** Independent rows of a model by the exact draws of its enumerated side. */
async function exactRows(
  c: Case,
  model: EnergyModel,
  parameters: EnergyParameters,
  rows: number,
): Promise<NDArray> {
  const e = model.enumeration as Enumeration;
  const all = sideStates(e.units, e.states, 0, e.states ** e.units);
  const [weights] = await inDouble(parameters, (p, s) => e.logWeight(p, s), [all]);
  const logs = (weights as NDArray<"f64">).data;
  const total = logSum(logs);
  const side = takeRows(
    all,
    stratified(
      logs.map((l) => Math.exp(l - total)),
      rows,
    ),
  ) as NDArray<"i32">;
  const f = (key: never, s: never) => e.draw(constants(parameters), s, key);
  const program = await Program.compile(trace(f as never, [KEY, new Spec(side.shape, "i32")] as never));
  const [x] = await program.run([side], { keys: [Key.fromSeed(6)] });
  await program.release();
  return storedRows(c.space, [x as NDArray<DType>]);
}
