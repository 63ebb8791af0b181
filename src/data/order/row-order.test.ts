import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";
import { type Stream, stream } from "../../random/stream.ts";
import { binary, categorical, circle, real, type Space } from "../space.ts";
import { findRowOrder, type Rows } from "./row-order.ts";

const random = (seed: number) => stream(Key.fromSeed(seed));

/** A standard normal number, by Box and Muller. */
const normalOf = (next: Stream) =>
  Math.sqrt(-2 * Math.log(1 - next.uniform())) * Math.cos(2 * Math.PI * next.uniform());

/** Rows of `sites` values each, by a function of row and site. */
function rowsOf(rows: number, space: Space, sites: number, value: (r: number, i: number) => number): Rows {
  const x = ndarray(space.kind === "real" || space.kind === "circle" ? "f32" : "u8", [rows, sites]);
  for (let r = 0; r < rows; r++) for (let i = 0; i < sites; i++) x.data[r * sites + i] = value(r, i);
  return { x, space };
}

/** Rows of `x` in another order. */
function reordered({ x, space, context }: Rows, order: ArrayLike<number>): Rows {
  const pick = (from: NDArray): NDArray => {
    const width = from.data.length / (from.shape[0] as number);
    const out = ndarray(from.dtype, [order.length, ...from.shape.slice(1)]);
    for (let r = 0; r < order.length; r++)
      for (let i = 0; i < width; i++)
        out.data[r * width + i] = from.data[(order[r] as number) * width + i] as never;
    return out;
  };
  return { x: pick(x), space, ...(context && { context: pick(context) }) };
}

/** Single-spin Metropolis of `count` open Ising chains of 16 spins at K = 0.5; row r is of chain r mod `count`. */
function ising(rows: number, count: number, flips: number, seed: number): Rows {
  const next = random(seed);
  const spins = Array.from({ length: count }, () =>
    Int8Array.from({ length: 16 }, () => (next.uniform() < 0.5 ? -1 : 1)),
  );
  return rowsOf(rows, binary([16]), 16, (r, i) => {
    const s = spins[r % count] as Int8Array;
    if (i === 0)
      for (let n = 0; n < flips; n++) {
        const k = Math.floor(16 * next.uniform());
        const field = (s[k - 1] ?? 0) + (s[k + 1] ?? 0);
        if (next.uniform() < Math.exp(-2 * 0.5 * (s[k] as number) * field)) s[k] = -(s[k] as number);
      }
    return ((s[i] as number) + 1) / 2;
  });
}

/** Counts of outcomes of 8 bits, as many of each as chance gives, one outcome after the other. */
function counts(shots: number, order: (outcomes: number[]) => number[]): Rows {
  const next = random(3);
  const drawn = Array.from({ length: shots }, () => Math.floor(256 * next.uniform() ** 3));
  const outcomes = order([...new Set(drawn)].sort((a, b) => a - b));
  const sorted = outcomes.flatMap((outcome) => drawn.filter((one) => one === outcome));
  return rowsOf(shots, binary([8]), 8, (r, i) => ((sorted[r] as number) >> i) & 1);
}

/** Few counts of many outcomes, the most frequent outcome first, or last. */
function byFrequency(direction: number): Rows {
  const frequency = (outcome: number) => direction * Math.ceil(8 / (1 + outcome / 30));
  const rows = Array.from({ length: 256 }, (_, outcome) => outcome)
    .sort((a, b) => frequency(b) - frequency(a))
    .flatMap((outcome) => Array.from({ length: Math.abs(frequency(outcome)) }, () => outcome));
  return rowsOf(rows.length, binary([8]), 8, (r, i) => ((rows[r] as number) >> i) & 1);
}

/** Pictures of ten classes: each has its own mean picture. */
function classes(rows: number, classOf: (r: number) => number): Rows {
  const next = random(5);
  const means = Array.from({ length: 10 }, () => Float64Array.from({ length: 12 }, () => 2 * normalOf(next)));
  return rowsOf(rows, real([12]), 12, (r, i) => (means[classOf(r)]?.[i] as number) + normalOf(next));
}

const autoregressive = (rows: number, phi: number, seed: number): Rows => {
  const next = random(seed);
  const state = new Float64Array(3);
  return rowsOf(rows, real([3]), 3, (_, i) => {
    state[i] = phi * (state[i] as number) + Math.sqrt(1 - phi * phi) * normalOf(next);
    return state[i] as number;
  });
};

describe("rows in an order of their own", () => {
  it("are a chain where each looks like the one before", () => {
    const order = findRowOrder(ising(4000, 1, 4, 1));
    expect(order).toMatchObject({ kind: "chain", chains: 1 });
    if (order.kind === "chain") expect(order.tau).toBeGreaterThan(5);
  });

  it("are chains side by side, as many as the lag at which rows look alike", () => {
    for (const count of [2, 5, 16])
      expect(findRowOrder(ising(6000, count, 6, 2))).toMatchObject({ kind: "chain", chains: count });
  });

  it("have the τ of an autoregression, (1 + φ)/2(1 − φ)", () => {
    for (const phi of [0.5, 0.9]) {
      const order = findRowOrder(autoregressive(20_000, phi, 4));
      expect(order.kind).toBe("chain");
      // The largest of several series, within a quarter; that of ranks is a little shorter.
      const tau = (1 + phi) / (2 - 2 * phi);
      if (order.kind === "chain") expect(Math.abs(order.tau / tau - 1)).toBeLessThan(0.25);
    }
  });

  it("are a chain though it rejects half of its proposals and repeats those rows", () => {
    const walk = autoregressive(3000, 0.9, 6);
    const next = random(7);
    let at = 0;
    const order = Array.from({ length: 5000 }, () => (next.uniform() < 0.5 && at < 2999 ? ++at : at));
    expect(findRowOrder(reordered(walk, order))).toMatchObject({ kind: "chain", chains: 1 });
  });

  it("are independent once a chain is shuffled: that cannot be seen", () => {
    const chain = ising(4000, 1, 4, 1);
    expect(findRowOrder(reordered(chain, permutation(Key.fromSeed(8), 4000)))).toEqual({
      kind: "independent",
    });
  });
});

describe("rows in an order of somebody else's are no chain:", () => {
  it("a table of counts, sorted by outcome, by frequency or not at all", () => {
    const anyhow = [...permutation(Key.fromSeed(12), 256)];
    for (const order of [
      (all: number[]) => all,
      (all: number[]) => all.toReversed(),
      (all: number[]) => all.toSorted((a, b) => (anyhow[a] as number) - (anyhow[b] as number)),
    ])
      for (const shots of [400, 1500, 8000])
        expect(findRowOrder(counts(shots, order)).kind).not.toBe("chain");
    for (const direction of [1, -1])
      expect(findRowOrder(byFrequency(direction)).kind, "by frequency").toBe("counts");
    expect(findRowOrder(counts(8000, (all) => all)).kind).toBe("counts");
  });

  it("several tables of counts, one after the other", () => {
    const one = counts(2000, (all) => all);
    const tables = Array.from({ length: 16_000 }, (_, r) => r % 2000);
    const few = reordered(
      one,
      tables.map((r) => Math.floor(r / 250) * 250),
    );
    expect(findRowOrder(few).kind).toBe("counts");
  });

  it("distinct rows that were sorted", () => {
    const values = Array.from({ length: 1024 }, (_, r) => r).filter((r) => (r * 7) % 3 > 0);
    const sorted = rowsOf(values.length, binary([10]), 10, (r, i) => ((values[r] as number) >> (9 - i)) & 1);
    expect(findRowOrder(sorted).kind).toBe("counts");
  });

  it("pictures by label, and labels in turn", () => {
    expect(findRowOrder(classes(5000, (r) => Math.floor(r / 500)))).toEqual({ kind: "ordered" });
    expect(findRowOrder(classes(5000, (r) => r % 10)).kind).toBe("ordered");
  });

  it("rows that drift", () => {
    const next = random(9);
    const drift = rowsOf(3000, real([6]), 6, (r) => r / 1000 + normalOf(next));
    expect(findRowOrder(drift)).toEqual({ kind: "ordered" });
  });
});

/** A row of `sites` normal numbers, by a seed of its own. */
const figure = (seed: number, sites: number) => {
  const next = random(seed);
  return Float64Array.from({ length: sites }, () => normalOf(next));
};

describe("collections", () => {
  it("of figures, each in six variants one after the other that other figures share, are no chain", () => {
    const sites = 24;
    const figures = Array.from({ length: 200 }, (_, f) => figure(100 + f, sites));
    const tints = Array.from({ length: 6 }, (_, tint) => figure(50 + tint, sites));
    // Figures of a kind resemble each other a little, as faces or flags do.
    const rows = rowsOf(1200, real([sites]), sites, (r, i) => {
      const [f, tint] = [Math.floor(r / 6), r % 6];
      const kind = figures[Math.floor(f / 20) * 20] as Float64Array;
      return (figures[f]?.[i] as number) + 0.3 * (kind[i] as number) + 0.6 * (tints[tint]?.[i] as number);
    });
    expect(findRowOrder(rows)).toEqual({ kind: "ordered" });
  });

  it("are told from chains by jumps: a chain that oscillates takes small steps", () => {
    // A damped oscillator of period 12, as the velocities of molecular dynamics have it, in each of 24 coordinates.
    const next = random(12);
    const sites = 24;
    const [a, b] = [2 * 0.995 * Math.cos((2 * Math.PI) / 12), -(0.995 ** 2)];
    let [last, before] = [new Float64Array(sites), new Float64Array(sites)];
    const rows = rowsOf(6000, real([sites]), sites, (_, i) => {
      if (i === 0) {
        const now = last.map((value, k) => a * value + b * (before[k] as number) + normalOf(next));
        [last, before] = [now, last];
      }
      return last[i] as number;
    });
    expect(findRowOrder(rows)).toMatchObject({ kind: "chain" });
  });
});

describe("given their context", () => {
  it("rows sorted by it show nothing, whether it repeats or not", () => {
    const next = random(10);
    for (const [settings, width] of [
      [12, 1],
      [3000, 2],
    ] as const) {
      const context = ndarray("f32", [3000, width]);
      for (let r = 0; r < 3000; r++)
        for (let c = 0; c < width; c++)
          context.data[r * width + c] = Math.floor((r * settings) / 3000) + c * r ** 2;
      const rows = rowsOf(3000, real([6]), 6, (r) => (3 * r) / 3000 + normalOf(next));
      expect(findRowOrder(rows).kind).toBe("ordered");
      expect(findRowOrder({ ...rows, context })).toEqual({ kind: "independent" });
    }
  });

  it("rows sorted by it show nothing either if it sets their spread and skew, or curves their mean", () => {
    const next = random(11);
    for (const settings of [6, 3000]) {
      const context = ndarray("f32", [3000, 1]);
      context.data.forEach((_, r) => {
        context.data[r] = Math.floor((r * settings) / 3000) / settings;
      });
      const rows = rowsOf(3000, real([6]), 6, (r) => {
        const at = context.data[r] as number;
        return 8 * at * (1 - at) - (1 + 4 * at ** 2) * Math.log(1 - next.uniform());
      });
      expect(findRowOrder({ ...rows, context }).kind).not.toMatch(/ordered|chain/);
      // What the context does not order is told as before.
      const drifting = rowsOf(
        3000,
        real([6]),
        6,
        (r, i) => (rows.x.data[r * 6 + i] as number) + ((r % 500) / 500) ** 2 * 3,
      );
      if (settings === 6) expect(findRowOrder({ ...drifting, context }).kind).toBe("ordered");
    }
  });

  it("a chain at each context is one", () => {
    const rows = ising(4000, 1, 4, 1);
    const context = ndarray("f32", [4000, 1]);
    context.data.forEach((_, r) => {
      context.data[r] = Math.floor(r / 1000);
    });
    expect(findRowOrder({ ...rows, context })).toMatchObject({ kind: "chain", chains: 1 });
  });
});

describe("independent rows", () => {
  // Each set alarms with p < 10⁻⁴ by its threshold; 3 of 1,000 would be p < 2·10⁻⁴ at 10⁻³.
  it("alarm in at most one of a thousand sets of every kind", { timeout: 60_000 }, () => {
    const kinds: readonly ((next: Stream, rows: number) => Rows)[] = [
      (next, rows) => rowsOf(rows, binary([9]), 9, (_, i) => (next.uniform() < (i + 1) / 12 ? 1 : 0)),
      (next, rows) => rowsOf(rows, categorical([4], 5), 4, () => Math.floor(5 * next.uniform() ** 2)),
      // Heavy tails: Cauchy's.
      (next, rows) => rowsOf(rows, real([3]), 3, () => Math.tan(Math.PI * (next.uniform() - 0.5))),
      (next, rows) => rowsOf(rows, circle([4]), 4, () => 2 * Math.PI * (next.uniform() - 0.5) ** 3),
    ];
    let alarms = 0;
    for (let set = 0; set < 1000; set++) {
      const next = random(1000 + set);
      const rows = (kinds[set % kinds.length] as (typeof kinds)[number])(next, 100 + (set % 4) * 50);
      if (findRowOrder(rows).kind !== "independent") alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(1);
  });
});
