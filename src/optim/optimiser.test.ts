import { describe, expect, test } from "vitest";
import {
  adam,
  adamw,
  flatParameters,
  type Moments,
  numbers,
  type Optimiser,
  restore,
  rmsprop,
  type StepOptions,
  sgd,
  snapshot,
} from "./index.ts";

/** Every optimiser in every form that takes another path, with a rate at which it minimises a quadratic. */
const cases: readonly (readonly [string, Optimiser, number])[] = [
  ["sgd", sgd({ weightDecay: 0.01 }), 0.05],
  ["sgd with momentum", sgd({ momentum: 0.9, weightDecay: 0.01 }), 0.02],
  ["sgd with nesterov", sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.01 }), 0.02],
  ["adam", adam({ weightDecay: 0.01 }), 0.1],
  ["adam without averages", adam({ beta1: 0, beta2: 0 }), 0.1],
  ["adamw", adamw(), 0.1],
  ["rmsprop", rmsprop({ weightDecay: 0.01 }), 0.05],
  ["rmsprop with momentum", rmsprop({ momentum: 0.5, weightDecay: 0.01 }), 0.02],
];

function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}

function fill(vector: Float32Array, next: () => number): void {
  for (let i = 0; i < vector.length; i++) vector[i] = next();
}

describe.each(cases)("%s", (_name, optimiser, lr) => {
  const { stateVectors } = optimiser;

  test.each([1, 2, 3, 4, 5, 7, 8, 13, 64, 101])("kernel = rule in f64, %i parameters, five steps", (size) => {
    const next = uniforms(size);
    const flat = flatParameters({
      size,
      stateVectors,
      decayed: [{ start: 1, end: Math.ceil(size / 2) || 1 }],
    });
    fill(flat.params, next);
    const exact: Moments<number>[] = [...flat.params].map((param) => ({
      param,
      state: stateVectors.map(() => 0),
    }));
    for (let t = 1; t <= 5; t++) {
      fill(flat.grads, next);
      const at: StepOptions = { lr: lr / t, t, gradScale: 0.7 };
      optimiser.step(flat, at);
      for (const [i, old] of exact.entries()) {
        const decays = i >= 1 && i < Math.ceil(size / 2);
        exact[i] = optimiser.apply(numbers, old, flat.grads[i]!, optimiser.coefficients(at, decays));
      }
    }
    for (const [i, { param, state }] of exact.entries()) {
      expect(Math.abs(flat.params[i]! - param)).toBeLessThan(2e-6);
      for (const [k, value] of state.entries())
        expect(Math.abs(flat.state[k]![i]! - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
    }
  });

  test("bits do not depend on how the vector is cut into ranges", () => {
    const size = 57;
    const bits = [
      [{ start: 0, end: size }],
      [1, 6, 7, 20, 33, size].map((end, i, all) => ({ start: all[i - 1] ?? 0, end })),
    ].map((decayed) => {
      const next = uniforms(3);
      const flat = flatParameters({ size, stateVectors, decayed });
      fill(flat.params, next);
      for (let t = 1; t <= 3; t++) {
        fill(flat.grads, next);
        optimiser.step(flat, { lr, t });
      }
      return [flat.params, ...flat.state].map((vector) => [...new Uint32Array(vector.slice().buffer)]);
    });
    expect(bits[1]).toEqual(bits[0]);
  });

  test("a restored state continues to the same bits", () => {
    const size = 37;
    const train = (flat: ReturnType<typeof flatParameters>, from: number, to: number) => {
      for (let t = from; t <= to; t++) {
        fill(flat.grads, uniforms(t));
        optimiser.step(flat, { lr, t });
      }
    };
    const straight = flatParameters({ size, stateVectors });
    fill(straight.params, uniforms(9));
    train(straight, 1, 5);
    const saved = snapshot(straight);
    train(straight, 6, 12);
    const resumed = flatParameters({ size, stateVectors });
    restore(resumed, saved);
    train(resumed, 6, 12);
    expect(snapshot(resumed)).toEqual(snapshot(straight));
    expect(saved.params).not.toEqual(straight.params);
  });

  test("a weight that starts at 0 under a 0 of the mask stays there; the others move as without a mask", () => {
    const size = 23;
    const free = flatParameters({ size, stateVectors });
    const masked = flatParameters({ size, stateVectors, masked: true });
    for (let i = 0; i < size; i += 3) masked.mask![i] = 0;
    fill(free.params, uniforms(4));
    for (let i = 0; i < size; i++) masked.params[i] = i % 3 === 0 ? 0 : free.params[i]!;
    for (let t = 1; t <= 4; t++)
      for (const flat of [free, masked]) {
        fill(flat.grads, uniforms(t));
        optimiser.step(flat, { lr, t });
      }
    for (let i = 0; i < size; i++) expect(masked.params[i] === (i % 3 === 0 ? 0 : free.params[i])).toBe(true);
  });

  test("minimises a quadratic", () => {
    const flat = flatParameters({ size: 5, stateVectors, decayed: [] });
    flat.params.set([3, -2, 1, 0.5, -4]);
    for (let t = 1; t <= 800; t++) {
      for (let i = 0; i < 5; i++) flat.grads[i] = (i + 1) * (flat.params[i]! - i);
      optimiser.step(flat, { lr: lr * Math.min(1, (800 - t) / 400), t });
    }
    for (let i = 0; i < 5; i++) expect(Math.abs(flat.params[i]! - i)).toBeLessThan(1e-3);
  });

  test("averages of a gradient that vanished end at 0, not among the denormals", () => {
    const flat = flatParameters({ size: 6, stateVectors, decayed: [] });
    for (const vector of flat.state) vector.fill(1.2e-38);
    for (let t = 1; t <= 400; t++) optimiser.step(flat, { lr, t });
    for (const vector of flat.state) expect([...vector]).toEqual(new Array(6).fill(0));
  });

  test("a NaN in the gradient reaches its own parameter alone, and is not hidden", () => {
    const flat = flatParameters({ size: 7, stateVectors });
    flat.grads[5] = Number.NaN;
    optimiser.step(flat, { lr, t: 1 });
    expect([...flat.params].map(Number.isNaN)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => i === 5));
  });

  test("refuses a step that makes no sense, before touching a parameter", () => {
    const flat = flatParameters({ size: 3, stateVectors });
    flat.grads.fill(1);
    expect(() => optimiser.step(flat, { lr: -1, t: 1 })).toThrow(/lr must be finite and at least 0; got -1/);
    expect(() => optimiser.step(flat, { lr: Number.NaN, t: 1 })).toThrow(/lr/);
    expect(() => optimiser.step(flat, { lr, t: 0 })).toThrow(
      /step t must be an integer of at least 1; got 0/,
    );
    expect(() => optimiser.step(flat, { lr, t: 1, gradScale: Number.NaN })).toThrow(/gradScale/);
    const other = flatParameters({ size: 3, stateVectors: stateVectors.length + 1 });
    expect(() => optimiser.step(other, { lr, t: 1 })).toThrow(/state vectors/);
    expect([...flat.params]).toEqual([0, 0, 0]);
  });
});

test("adam with a falling rate minimises Rosenbrock's function", () => {
  const optimiser = adam();
  const flat = flatParameters({ size: 2, stateVectors: optimiser.stateVectors });
  flat.params.set([-1.2, 1]);
  for (let t = 1; t <= 5000; t++) {
    const [x = 0, y = 0] = flat.params;
    flat.grads.set([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]);
    optimiser.step(flat, { lr: 0.02 * (1 - t / 5001), t });
  }
  expect(Math.abs(flat.params[0]! - 1)).toBeLessThan(2e-3);
  expect(Math.abs(flat.params[1]! - 1)).toBeLessThan(4e-3);
});
