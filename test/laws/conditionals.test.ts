import { afterAll, describe, expect, test } from "vitest";
import { type NDArray, ndarray, takeRows } from "../../src/array.ts";
import { siteShape, sites, stateCount } from "../../src/data/space.ts";
import { fill } from "../../src/evaluate/fill.ts";
import type { Autoregressive } from "../../src/models/contract.ts";
import { FittedExact } from "../../src/models/fitted/exact.ts";
import { Key } from "../../src/random/key.ts";
import { chiSquaredTest, independentMean, jointTest, sum } from "../../src/stats/index.ts";
import { cases, contextOf, disturbed, everyConfiguration } from "./exact-models.ts";

/** Sites that the law of scattered gaps leaves unknown: neither first nor last in any simple order. */
const gaps = (n: number) => (n > 6 ? [1, 4, 7] : [1, 2, 4]);

describe.each(cases)("conditionals of $name", (c) => {
  const model = c.make();
  const { orders, anyOrder, images, complete: _ } = model.autoregressive as Autoregressive;
  const parameters = disturbed(model);
  const all = everyConfiguration(c);
  const count = all.shape[0] as number;
  const [n, k] = [sites(c.space), stateCount(c.space) as number];
  const fitted = new FittedExact(model, parameters);
  afterAll(() => fitted.release());
  /** The most probable configuration is possible, whatever the constraints. */
  const score = async () => {
    const logs = await fitted.logProb(all, contextOf(c, count));
    return { logs, best: logs.indexOf(Math.max(...logs)) };
  };
  let scored: ReturnType<typeof score> | undefined;
  const likely = () => {
    scored ??= score();
    return scored;
  };
  const indexOf = (x: ArrayLike<number | bigint>, row: number) => {
    let index = 0;
    for (let i = n - 1; i >= 0; i--) index = index * k + Number(x[row * n + i]);
    return index;
  };
  const repeated = (row: number, rows: number, unknown: readonly number[]) => {
    const values = takeRows(all, new Uint32Array(rows).fill(row));
    const known = ndarray("f32", [rows, ...siteShape(c.space)]);
    known.data.forEach((_, i) => {
      known.data[i] = unknown.includes(i % n) ? 0 : 1;
    });
    return { values, known };
  };
  /** Rows of `all` that agree with the row `best` on the known sites. */
  const agreeing = (best: number, unknown: readonly number[]) =>
    [...Array(count).keys()].filter((row) =>
      [...Array(n).keys()].every(
        (i) => unknown.includes(i) || all.data[row * n + i] === all.data[best * n + i],
      ),
    );

  test("scattered gaps: particles estimate P(unknown, known) without bias, against enumeration", async () => {
    const { logs } = await likely();
    const unknown = gaps(n);
    const rows = 400;
    const given = undecided(logs, k, unknown);
    const { values, known } = repeated(given, rows, unknown);
    const context = contextOf(c, rows);
    const particles = 8;
    const targets = agreeing(given, unknown);
    // A model that takes any order is asked in one of the caller's: there its own probabilities are the exact ones.
    const own = anyOrder ? Uint32Array.from({ length: n }, (_, i) => (5 * i + 2) % n) : undefined;
    const isOrder = own && new Set(own).size === n;
    const order = isOrder ? { order: own } : {};
    const exact = anyOrder
      ? await fitted
          .complete(all, ndarray("f32", all.shape, new Float32Array(count * n).fill(1)), {
            ...{ key: Key.fromSeed(1), particles: 1, ...order },
            ...(contextOf(c, count) && { context: contextOf(c, count) as NDArray<"f32"> }),
          })
          .then(({ logWeight }) => logWeight)
      : logs;
    const members = anyOrder ? 1 : orders.length;
    let strays = 0;
    // [row, target]: the mean over particles of weight × (particle is the target).
    const shares = targets.map(() => new Float64Array(rows));
    for (let member = 0; member < members; member++) {
      const { x, logWeight } = await fitted.complete(values, known, {
        ...{ key: Key.fromSeed(31 + member), particles, member, ...order },
        ...(context && { context }),
      });
      for (let i = 0; i < rows * particles; i++) {
        const target = targets.indexOf(indexOf(x.data, i));
        if (logWeight[i] === Number.NEGATIVE_INFINITY) continue;
        if (target < 0) {
          strays++;
          continue;
        }
        const share = Math.exp(logWeight[i] as number) / particles / members;
        (shares[target] as Float64Array)[Math.floor(i / particles)]! += share;
      }
    }
    expect(strays).toBe(0);
    // Targets too rare for a normal law of their mean are taken together.
    const evidence = sum(targets.map((row) => Math.exp(exact[row] as number)));
    const rare = targets.map((row) => (Math.exp(exact[row] as number) / evidence) * rows * particles < 60);
    const pooled = new Float64Array(rows);
    const sigmas: number[] = [];
    let rareProbability = 0;
    targets.forEach((row, t) => {
      const share = shares[t] as Float64Array;
      if (rare[t]) {
        rareProbability += Math.exp(exact[row] as number);
        for (let r = 0; r < rows; r++) pooled[r]! += share[r] as number;
        return;
      }
      const { value, error } = independentMean(share);
      sigmas.push((value - Math.exp(exact[row] as number)) / error);
    });
    const { value, error } = independentMean(pooled);
    if (rareProbability > 0.01 * evidence) sigmas.push((value - rareProbability) / error);
    expect(sigmas.length).toBeGreaterThan(1);
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-4);
  });

  test("gaps that come last in the order are filled exactly", async () => {
    if (images > 1 || (!anyOrder && orders.length > 1)) return; // a mixture: only particles
    const { logs, best } = await likely();
    const unknown = [...(orders[0] as Uint32Array).slice(-Math.min(4, n - 1))];
    const rows = 4000;
    const { values, known } = repeated(best, rows, unknown);
    const context = contextOf(c, rows);
    const filled = await fill(
      fitted,
      { values, known },
      { key: Key.fromSeed(7), ...(context && { context }) },
    );
    expect(filled.exact.every(Boolean)).toBe(true);
    expect(filled.ess.every((e) => Math.abs(e - 1) < 1e-12)).toBe(true);
    const targets = agreeing(best, unknown);
    const counts = new Float64Array(targets.length);
    let strays = 0;
    for (let r = 0; r < rows; r++) {
      const t = targets.indexOf(indexOf(filled.x.data, r));
      if (t < 0) strays++;
      else counts[t]!++;
    }
    expect(strays).toBe(0);
    if (anyOrder) return; // in an order of its own, whose probabilities the law above has checked
    const probability = targets.map((row) => Math.exp(logs[row] as number));
    const evidence = sum(probability);
    expect(Math.abs((filled.logEvidence[0] as number) - Math.log(evidence))).toBeLessThan(2e-4);
    const { pValue, dof } = chiSquaredTest(
      counts,
      probability.map((p) => (p / evidence) * rows),
    );
    if (dof > 0) expect(pValue).toBeGreaterThan(1e-4);
  });

  test("at a temperature, every conditional is that of its logits divided by it", async () => {
    if (images > 1 || orders.length > 1) return; // a mixture has no one conditional a site
    const { logs } = await likely();
    const order = orders[0] as Uint32Array;
    // Below 1: sharper than the model, so that 4,000 rows fill enough cells of the test.
    const temperature = 0.6;
    const tempered = temper(logs.map(Math.exp), order, k, temperature);
    const rows = 4000;
    const context = contextOf(c, rows);
    const options = { key: Key.fromSeed(3), temperature, ...(context && { context }) };
    const { x, logProb } = await fitted.sample(rows, options);
    const counts = new Float64Array(count);
    let worst = 0;
    for (let r = 0; r < rows; r++) {
      const index = indexOf(x.data, r);
      counts[index]!++;
      worst = Math.max(worst, Math.abs((logProb[r] as number) - (logs[index] as number)));
    }
    expect(worst).toBeLessThan(3e-4);
    const { pValue } = chiSquaredTest(
      counts,
      tempered.map((p) => p * rows),
    );
    expect(pValue).toBeGreaterThan(1e-4);
  });
});

/** The configuration that is most probable of those that are not the most probable with their values at the known sites. */
function undecided(logs: Float64Array, states: number, unknown: readonly number[]): number {
  const known = (index: number) =>
    unknown.reduce((rest, i) => rest - (Math.floor(index / states ** i) % states) * states ** i, index);
  const descending = [...logs.keys()].sort((a, b) => (logs[b] as number) - (logs[a] as number));
  const met = new Set<number>();
  for (const index of descending) {
    if (met.has(known(index))) return index;
    met.add(known(index));
  }
  throw new Error("no two configurations agree at the known sites");
}

/** Probabilities whose conditionals, site by site in an order, are the `1 / temperature` powers of those given. */
function temper(p: Float64Array, order: Uint32Array, states: number, temperature: number): Float64Array {
  const n = order.length;
  const stateAt = (index: number, site: number) => Math.floor(index / states ** site) % states;
  // Number of the first t sites' values, for every configuration.
  let prefix = new Int32Array(p.length);
  let before = new Float64Array([1]);
  const out = new Float64Array(p.length).fill(1);
  for (let t = 0; t < n; t++) {
    const next = prefix.map((value, index) => value * states + stateAt(index, order[t] as number));
    const mass = new Float64Array(before.length * states);
    next.forEach((value, index) => {
      mass[value]! += p[index] as number;
    });
    const power = mass.map((m, value) =>
      m === 0 ? 0 : (m / (before[Math.floor(value / states)] as number)) ** (1 / temperature),
    );
    const total = before.map((_, b) => sum(power.subarray(b * states, (b + 1) * states)));
    next.forEach((value, index) => {
      const t = total[Math.floor(value / states)] as number;
      out[index]! *= t === 0 ? 0 : (power[value] as number) / t;
    });
    [prefix, before] = [next, mass];
  }
  const all = sum(out);
  return out.map((v) => v / all);
}
