import { describe, expect, test } from "vitest";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { permutation } from "../random/permutation.ts";
import { uniform } from "../random/uniform.ts";
import { type ShallowActivation, type ShallowNetwork, ShallowSampler } from "./shallow.ts";

const functions: Readonly<Record<ShallowActivation, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};

const gaussians = (key: Key, n: number, scale: number) =>
  normal(key, n, "f32").map((v) => v * scale) as Float32Array;

/** A random network; masked ones have degrees in no order. */
function network(
  seed: number,
  sites: number,
  units: number,
  activation: ShallowActivation,
  { masked, direct }: { masked: boolean; direct: boolean },
): ShallowNetwork {
  const key = Key.fromSeed(seed);
  return {
    units,
    activation,
    order: permutation(key.fold(0), sites),
    start: gaussians(key.fold(1), units, 0.5),
    weights: gaussians(key.fold(2), sites * units, 0.7),
    columns: gaussians(key.fold(3), sites * units, 0.7),
    bias: gaussians(key.fold(4), sites, 0.5),
    ...(direct ? { direct: gaussians(key.fold(5), sites * sites, 0.7) } : {}),
    ...(masked
      ? { degrees: Uint32Array.from(uniform(key.fold(6), units, "f32"), (u) => Math.floor(u * sites)) }
      : {}),
  };
}

/** The logit at a position by plain loops in double precision, given the bits before it. */
function logit(n: ShallowNetwork, bits: readonly number[], i: number): number {
  const sites = n.order.length;
  let sum = n.bias[i] as number;
  for (let j = 0; j < i; j++) if (bits[j]) sum += n.direct?.[j * sites + i] ?? 0;
  for (let k = 0; k < n.units; k++) {
    const degree = n.degrees?.[k] ?? sites;
    if (n.degrees && degree >= i) continue;
    let a = n.start[k] as number;
    for (let j = 0; j < i; j++) if (bits[j] && degree >= j) a += n.weights[j * n.units + k] as number;
    sum += (n.columns[i * n.units + k] as number) * functions[n.activation](a);
  }
  return sum;
}

const cases: [string, ShallowNetwork][] = [
  ["rectifiers read everywhere", network(1, 13, 22, "relu", { masked: false, direct: false })],
  ["the same with direct links", network(2, 16, 16, "relu", { masked: false, direct: true })],
  ["a single site", network(3, 1, 5, "relu", { masked: false, direct: false })],
  ...Object.keys(functions).map((name, i): [string, ShallowNetwork] => [
    `masked ${name}`,
    network(4 + i, 11 + i, 30 - i, name as ShallowActivation, { masked: true, direct: i % 2 === 0 }),
  ]),
];

describe.each(cases)("%s", (_, net) => {
  test.each([
    [1, 1],
    [18, 1],
    [33, 0.6],
  ])("%i rows at temperature %f are drawn by the network's conditionals", (rows, temperature) => {
    const sites = net.order.length;
    const u = uniform(Key.fromSeed(99), sites * rows, "f32");
    const sampler = new ShallowSampler(net, 40);
    const { x, logProb } = sampler.draw(rows, (out) => out.set(u), temperature);
    expect(x.length).toBe(rows * sites);
    let ones = 0;
    for (let r = 0; r < rows; r++) {
      const bits = Array.from(net.order, (site) => x[r * sites + site] as number);
      let total = 0;
      bits.forEach((bit, i) => {
        const l = logit(net, bits, i);
        const distance = (u[i * rows + r] as number) - 1 / (1 + Math.exp(-l / temperature));
        // Where rounding decides, either bit will do.
        if (Math.abs(distance) > 1e-5) expect(bit, `row ${r}, position ${i}`).toBe(Number(distance < 0));
        total -= Math.log1p(Math.exp(bit ? -l : l));
        ones += bit;
      });
      expect(Math.abs((logProb[r] as number) - total)).toBeLessThan(2e-5 * sites);
    }
    if (rows * sites > 100) expect(ones / (rows * sites)).toBeGreaterThan(0.1);
  });
});

test("a row has the same bits whatever is drawn beside it", () => {
  const net = network(20, 9, 12, "tanh", { masked: true, direct: true });
  const u = uniform(Key.fromSeed(5), 9 * 30, "f32");
  const sampler = new ShallowSampler(net, 30);
  const all = sampler.draw(30, (out) => out.set(u));
  const [x, logProb] = [all.x.slice(), all.logProb.slice()];
  for (const r of [0, 7, 29]) {
    const one = sampler.draw(1, (out) => {
      for (let i = 0; i < 9; i++) out[i] = u[i * 30 + r] as number;
    });
    expect([...one.x]).toEqual([...x.subarray(r * 9, (r + 1) * 9)]);
    expect(one.logProb[0]).toBe(logProb[r]);
  }
});

test("logits beyond what an exponential holds are certain, and their log-probabilities finite", () => {
  const bias = Float32Array.from([500, -500, 90, -90]);
  const net: ShallowNetwork = {
    ...network(21, 4, 4, "relu", { masked: false, direct: false }),
    order: Uint32Array.from([0, 1, 2, 3]),
    columns: new Float32Array(16),
    bias,
  };
  const { x, logProb } = new ShallowSampler(net, 4).draw(2, (u) => u.fill(0.5));
  expect([...x]).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
  for (const l of logProb) expect(Math.abs(l)).toBeLessThan(1e-6);
});

test("without degrees only rectifiers are walked", () => {
  const net = network(1, 4, 4, "tanh", { masked: false, direct: false });
  expect(() => new ShallowSampler(net, 4)).toThrow(/no kernel for tanh units/);
});
