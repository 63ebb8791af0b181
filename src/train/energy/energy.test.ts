import { expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, ndarray } from "../../array.ts";
import { makeDataset } from "../../data/dataset.ts";
import { binary, real } from "../../data/space.ts";
import { logPartition, sideStates } from "../../models/approximate/enumerate.ts";
import { makeRbm, type RbmOptions, type RbmParameters } from "../../models/approximate/rbm/rbm.ts";
import { isArray } from "../../models/arrays.ts";
import type { GradientPlayer, Symbolic } from "../../models/contract.ts";
import { FittedEnergy } from "../../models/fitted/energy.ts";
import { adam, sgd } from "../../optim/index.ts";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { uniform } from "../../random/uniform.ts";
import { Program } from "../../runtime/program.ts";
import { KEY, Spec, trace } from "../../runtime/trace.ts";
import { chiSquaredTest, sum } from "../../stats/index.ts";
import { valueAndGrad } from "../../tensor/grad.ts";
import { leaves, mapTree } from "../../tensor/tree.ts";
import { fit } from "../fit.ts";
import type { FitOptions } from "../options.ts";
import { exchange, ladder } from "./exchange.ts";
import { energyObjective } from "./objective.ts";

const space = binary([6]);
const domain = { space };

/** Rows of a ring of six spins that like to agree: x_i repeats x_{i−1} with probability 0.85. */
function correlatedRows(rows: number): NDArray<"u8"> {
  const u = uniform(Key.fromSeed(3), rows * 6, "f64");
  const data = new Uint8Array(rows * 6);
  u.forEach((v, i) => {
    const before = data[i - 1] as number;
    data[i] = i % 6 === 0 ? Number(v < 0.5) : v < 0.85 ? before : 1 - before;
  });
  return ndarray("u8", [rows, 6], data);
}
const dataset = makeDataset({ arrays: { x: correlatedRows(4000) } }, "ring", { space });
/** Mean NLL of the rows by independent fair bits, and by what they were drawn from. */
const independent = 6 * Math.LN2;
const least = (() => {
  const { data } = dataset.x;
  let total = 0;
  for (let i = 0; i < data.length; i++)
    total -= i % 6 === 0 ? Math.log(0.5) : Math.log(data[i] === data[i - 1] ? 0.85 : 0.15);
  return total / 4000;
})();

/** Exact mean NLL of the rows. */
async function exactNll(fitted: FittedEnergy<RbmParameters>): Promise<number> {
  const all = sideStates(6, 2, 0, 64);
  const logs = await fitted.logWeight(ndarray("u8", all.shape, Uint8Array.from(all.data)));
  const logZ = Math.log(sum(logs.map(Math.exp)));
  const weights = await fitted.logWeight(dataset.x);
  return logZ - sum(weights) / weights.length;
}

function run(options: RbmOptions, settings: FitOptions, hooks: Parameters<typeof fit>[3] = {}) {
  return fit(makeRbm(domain, { hidden: 8, ...options }), dataset, { seed: 1, ...settings }, hooks).result();
}

test.each([
  ["exact", {}, 0.01],
  ["cd", { sweeps: 3 }, 0.05],
  ["pcd", {}, 0.05],
  ["pcd", { centred: true, sweeps: 2 }, 0.15],
  ["tempering", { temperatures: 4 }, 0.05],
  ["pseudo-likelihood", {}, 0.05],
] as const)(
  "%s %j learns correlations, to near what the rows were drawn from",
  async (method, more, within) => {
    const sgd = "centred" in more ? ({ optimiser: "sgd", lr: 0.02 } as const) : ({ lr: 0.03 } as const);
    const fitted = await run({ method, ...more }, { epochs: 60, patience: 0, ...sgd });
    const nll = await exactNll(fitted);
    await fitted.release();
    expect(nll).toBeLessThan(least + within);
    expect(nll).toBeLessThan(independent - 1);
  },
);

test.each([
  ["cd", {}],
  ["pcd", { sweeps: 2 }],
  ["tempering", { temperatures: 3, chains: 10 }],
] as const)("%s stopped and resumed ends in the same bits", async (method, more) => {
  const settings = { epochs: 3, batch: 40 };
  const whole = await run({ method, ...more }, settings);
  const kept: Uint8Array[] = [];
  const stop = new AbortController();
  const model = makeRbm(domain, { hidden: 8, method, ...more });
  const events = fit(
    model,
    dataset,
    { seed: 1, ...settings },
    {
      signal: stop.signal,
      saveCheckpoint: async (bytes) => void kept.push(bytes.slice()),
    },
  );
  await expect(
    events.result((event) => {
      if (event.type === "round" && event.round === 1) stop.abort();
    }),
  ).rejects.toThrow("stopped");
  const resumed = await run({ method, ...more }, settings, { resume: kept.at(-1) as Uint8Array });
  expect(leaves(resumed.parameters, isArray)).toEqual(leaves(whole.parameters, isArray));
  await whole.release();
  await resumed.release();
});

test("chains of pcd are part of what a step carries on", () => {
  const rows = (count: number) => new Float32Array(count * 6).fill(1);
  const model = makeRbm(domain, { method: "pcd", chains: 7 });
  const { state } = energyObjective(model, { rows, key: Key.fromSeed(0), optimiser: adam() });
  expect(state?.chains?.shape).toEqual([7, 6]);
});

test("score matching of a Gaussian RBM finds means and variances", async () => {
  const rows = 4000;
  const noise = normal(Key.fromSeed(4), rows * 2, "f32");
  const x = ndarray(
    "f32",
    [rows, 2],
    noise.map((v, i) => (i % 2 === 0 ? 1 + 0.5 * v : -2 + 2 * v)),
  );
  const data = makeDataset({ arrays: { x } }, "normal", { space: real([2]) });
  const model = makeRbm({ space: real([2]) }, { hidden: 2, method: "score-matching" });
  const fitted = await fit(model, data, { epochs: 40, lr: 0.02, seed: 1 }).result();
  const { x: drawn } = await fitted.sample(4000, { key: Key.fromSeed(1), chains: 1000, burnIn: 200 });
  await fitted.release();
  const column = (i: number) => Float64Array.from({ length: 4000 }, (_, r) => Number(drawn.data[2 * r + i]));
  for (const [i, [mean, deviation]] of [
    [1, 0.5],
    [-2, 2],
  ].entries()) {
    const values = column(i);
    const m = sum(values) / 4000;
    const s = Math.sqrt(sum(values.map((v) => (v - m) ** 2)) / 4000);
    expect(Math.abs(m - (mean as number))).toBeLessThan(0.1 * (deviation as number));
    expect(Math.abs(s / (deviation as number) - 1)).toBeLessThan(0.1);
  }
});

/** An RBM of four sites with weights of order one. */
const small = makeRbm({ space: binary([4]) }, { hidden: 3, centred: true });
const parameters = mapTree(small.init(Key.fromSeed(1)), isArray, (array, path) => ({
  ...array,
  data: normal(Key.fromSeed(7).fold(path.length), array.data.length, "f32") as Float32Array,
})) as RbmParameters;
const states = sideStates(4, 2, 0, 16);
const specs = mapTree(parameters, isArray, ({ shape }) => new Spec(shape));

async function call(
  f: unknown,
  more: readonly NDArray<DType>[],
  keys: Key[] = [],
): Promise<NDArray<DType>[]> {
  const program = await Program.compile(
    trace(
      f as never,
      [specs, ...more.map(({ shape, dtype }) => new Spec(shape, dtype)), ...keys.map(() => KEY)] as never,
    ),
  );
  const out = await program.run([...leaves(parameters, isArray), ...more], { keys });
  await program.release();
  return out;
}

test("swaps between temperatures leave the distribution of each invariant", async () => {
  const [levels, chains] = [3, 20_000];
  const all = arrayFrom("f32", [16, 4], states.data);
  const probabilities: number[][] = [];
  const x = new Float32Array(levels * chains * 4);
  for (let level = 0; level < levels; level++) {
    const t = arrayFrom("f32", [], [level / (levels - 1)]);
    const [logs] = await call((p: never, v: never, s: never) => small.path.logWeight(p, v, s), [all, t]);
    const weights = Array.from((logs as NDArray<"f32">).data, Math.exp);
    const total = sum(weights);
    const p = weights.map((w) => w / total);
    probabilities.push(p);
    const u = uniform(Key.fromSeed(level), chains, "f64");
    for (let c = 0; c < chains; c++) {
      let [i, below] = [0, p[0] as number];
      while ((u[c] as number) > below && i < 15) below += p[++i] as number;
      x.set(all.data.subarray(4 * i, 4 * i + 4), (level * chains + c) * 4);
    }
  }
  const rows = arrayFrom("f32", [levels * chains, 4], x);
  const [swapped] = await call(
    (p: never, v: never, key: never) => exchange(small, p, v, chains, key),
    [rows],
    [Key.fromSeed(5)],
  );
  const after = (swapped as NDArray<"f32">).data;
  let moved = 0;
  for (const [level, p] of probabilities.entries()) {
    const counts = new Float64Array(16);
    for (let c = 0; c < chains; c++) {
      const at = (level * chains + c) * 4;
      const index = (from: Float32Array) =>
        [0, 1, 2, 3].reduce((s, i) => s + ((from[at + i] as number) << i), 0);
      (counts[index(after)] as number)++;
      if (index(after) !== index(x)) moved++;
    }
    // Three tests: 1e-4 is a bound of 3e-4 for all.
    expect(
      chiSquaredTest(
        counts,
        p.map((q) => q * chains),
      ).pValue,
    ).toBeGreaterThan(1e-4);
  }
  expect(moved / (levels * chains)).toBeGreaterThan(0.1);
  const points = await call((p: Symbolic<RbmParameters>) => [ladder(3, 1), p.reference], []);
  expect([...(points[0] as NDArray<"f32">).data]).toEqual([0, 0.5, 1]);
});

test("a centred step is the same whichever value of a site is called 0, a plain one is not", async () => {
  // Flipping every site: v → 1 − v with b → −b, W → −W, c → c + Σ_i W_i is the same distribution.
  const rows = arrayFrom("f32", [16, 4], states.data);
  const chains = arrayFrom("f32", [4, 4], [1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1]);
  const data = arrayFrom("f32", [3, 4], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1]);
  const flip = ({ shape, data: d }: NDArray<"f32">) =>
    arrayFrom(
      "f32",
      shape,
      d.map((v) => 1 - v),
    );
  const objective = energyObjective(
    { ...small, training: { ...small.training, method: "pcd" } },
    { rows: (n) => new Float32Array(4 * n), key: Key.fromSeed(0), optimiser: sgd() },
  );
  const [player] = objective.players as [GradientPlayer<RbmParameters>];
  const flipped = (p: RbmParameters): RbmParameters => ({
    ...p,
    visible: {
      bias: {
        ...(p.visible.bias as NDArray<"f32">),
        data: (p.visible.bias as NDArray<"f32">).data.map((b) => -b),
      },
    },
    weight: { ...p.weight, data: p.weight.data.map((w) => -w) },
    hidden: {
      bias: {
        ...p.hidden.bias,
        data: p.hidden.bias.data.map(
          (c, j) => c + [0, 1, 2, 3].reduce((s, i) => s + (p.weight.data[i * 3 + j] as number), 0),
        ),
      },
    },
  });
  /** log P of all rows after one step of size 0.1 from p. */
  const after = async (
    p: RbmParameters,
    x: NDArray<"f32">,
    drawn: NDArray<"f32">,
    all: NDArray<"f32">,
    centred: boolean,
  ) => {
    const f = (q: Symbolic<RbmParameters>, v: never, d: never) => {
      const batch = { x: v, key: undefined as never, state: {}, knobs: {} };
      const { gradient } = valueAndGrad(
        (r: Symbolic<RbmParameters>) => player.loss({ ...batch, parameters: r }, d).loss,
      )(q);
      const plain = gradient as Symbolic<RbmParameters>;
      return centred ? player.redirect?.({ ...batch, parameters: q }, plain, d) : gradient;
    };
    const program = await Program.compile(
      trace(f as never, [specs, new Spec(x.shape), new Spec(drawn.shape)] as never),
    );
    const flat = leaves(p, isArray);
    const gradient = await program.run([...flat, x, drawn]);
    await program.release();
    let i = 0;
    const moved = mapTree(p, isArray, (array) => {
      const g = (gradient[i++] as NDArray<"f32">).data;
      return { ...array, data: array.data.map((v, j) => v - 0.1 * (g[j] as number)) };
    }) as RbmParameters;
    const fitted = new FittedEnergy(small, moved);
    const logs = await fitted.logWeight({ ...all, dtype: "u8", data: Uint8Array.from(all.data) } as NDArray);
    await fitted.release();
    const logZ = Math.log(sum(logs.map(Math.exp)));
    return logs.map((l) => l - logZ);
  };
  const difference = async (centred: boolean) => {
    const a = await after(parameters, data, chains, rows, centred);
    const b = await after(flipped(parameters), flip(data), flip(chains), flip(rows), centred);
    return Math.max(...a.map((l, i) => Math.abs(l - (b[i] as number))));
  };
  expect(await difference(true)).toBeLessThan(1e-5);
  expect(await difference(false)).toBeGreaterThan(1e-2);
});

test("the loss of method exact is the NLL, with a gradient of log Z", async () => {
  const model = makeRbm({ space: binary([4]) }, { hidden: 3 });
  expect(model.training.method).toBe("exact");
  const [logZ] = await call((p: never) => logPartition(model, p), []);
  const fitted = new FittedEnergy(model, parameters);
  const logs = await fitted.logWeight(ndarray("u8", [16, 4], Uint8Array.from(states.data)));
  await fitted.release();
  expect(Number(logZ?.data[0])).toBeCloseTo(Math.log(sum(logs.map(Math.exp))), 4);
});

test("centred gradients with an optimiser that scales parameters apart are refused", async () => {
  await expect(run({ method: "pcd", centred: true }, { epochs: 1 })).rejects.toThrow("use --optimiser sgd");
});
