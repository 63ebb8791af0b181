import { describe, expect, test } from "vitest";
import { adam, adamw, flatParameters, numbers, type Optimiser, rmsprop, sgd } from "./index.ts";

const gradients = [0.3, -1.2, 0.05, 2, -0.4, 0.7];
const start = 0.8;
const lr = 0.03;

/** Parameter after each step, by the rule in f64. */
function path(optimiser: Optimiser): number[] {
  let at = { param: start, state: optimiser.stateVectors.map(() => 0) as readonly number[] };
  return gradients.map((g, i) => {
    at = optimiser.apply(numbers, at, g, optimiser.coefficients({ lr, t: i + 1 }, true));
    return at.param;
  });
}

function expectPath(optimiser: Optimiser, expected: (param: number, g: number, t: number) => number): void {
  let param = start;
  for (const [i, value] of path(optimiser).entries()) {
    param = expected(param, gradients[i] as number, i + 1);
    expect(Math.abs(value - param)).toBeLessThan(1e-14);
  }
}

describe("rules against the equations as printed", () => {
  test.each([0, 0.1])("adam (Kingma & Ba, algorithm 1), L2 %f", (weightDecay) => {
    let m = 0;
    let v = 0;
    expectPath(adam({ weightDecay, epsilon: 1e-3 }), (theta, raw, t) => {
      const g = raw + weightDecay * theta;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      return theta - (lr * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-3);
    });
  });

  test("adamw (Loshchilov & Hutter, algorithm 2, decay times the learning rate)", () => {
    let m = 0;
    let v = 0;
    expectPath(adamw({ weightDecay: 0.2, beta1: 0.8, beta2: 0.95 }), (theta, g, t) => {
      m = 0.8 * m + 0.2 * g;
      v = 0.95 * v + 0.05 * g * g;
      const move = m / (1 - 0.8 ** t) / (Math.sqrt(v / (1 - 0.95 ** t)) + 1e-8);
      return theta - lr * (move + 0.2 * theta);
    });
  });

  test("rmsprop with momentum", () => {
    let v = 0;
    let u = 0;
    expectPath(rmsprop({ smoothing: 0.9, momentum: 0.7, epsilon: 1e-2 }), (theta, g) => {
      v = 0.9 * v + 0.1 * g * g;
      u = 0.7 * u + g / (Math.sqrt(v) + 1e-2);
      return theta - lr * u;
    });
  });

  test("nesterov's look-ahead is classical momentum seen from θ − lr·μ·u", () => {
    // Sutskever et al., ICML 2013, equations 3 and 4: u ← μu − lr·g(θ + μu), θ ← θ + u.
    const momentum = 0.9;
    let lookAhead = start;
    let u = 0;
    expectPath(sgd({ momentum, nesterov: true }), (_, g) => {
      const base = lookAhead - momentum * u;
      u = momentum * u - lr * g;
      lookAhead = base + u + momentum * u;
      return lookAhead;
    });
  });
});

test("adam's first step is lr·sign(g), up to ε", () => {
  const optimiser = adam();
  const flat = flatParameters({ size: 9, stateVectors: optimiser.stateVectors });
  const grads = [1e-4, -1e-3, 0.5, -2, 1e3, -1e6, 1e9, -1e12, 0];
  flat.grads.set(grads);
  optimiser.step(flat, { lr, t: 1 });
  for (const [i, g] of grads.entries())
    expect(Math.abs(flat.params[i]! + (lr * g) / (Math.abs(g) + 1e-8))).toBeLessThan(1e-6 * lr);
});

test("adamw shrinks parameters that have no gradient by lr·λ a step; adam's L2 moves them by lr", () => {
  const shrink = adamw({ weightDecay: 1e-3 });
  const flat = flatParameters({ size: 1, stateVectors: shrink.stateVectors });
  flat.params[0] = 1;
  for (let t = 1; t <= 1000; t++) shrink.step(flat, { lr: 0.01, t });
  expect(flat.params[0]).toBeCloseTo((1 - 1e-5) ** 1000, 4);

  const coupled = adam({ weightDecay: 1e-3 });
  const other = flatParameters({ size: 1, stateVectors: coupled.stateVectors });
  other.params[0] = 1;
  coupled.step(other, { lr: 0.01, t: 1 });
  expect(other.params[0]).toBeCloseTo(1 - 0.01, 5);
});

test("options out of range are refused by name", () => {
  expect(() => adam({ beta1: 1 })).toThrow("adam: beta1 must be in [0, 1); got 1");
  expect(() => adamw({ beta2: -0.1 })).toThrow("adamw: beta2 must be in [0, 1); got -0.1");
  expect(() => adam({ epsilon: 0 })).toThrow("adam: epsilon must be finite and above 0; got 0");
  expect(() => adamw({ weightDecay: Number.NaN })).toThrow(
    "adamw: weightDecay must be finite and at least 0",
  );
  expect(() => rmsprop({ smoothing: 1.5 })).toThrow("rmsprop: smoothing");
  expect(() => sgd({ momentum: 1 })).toThrow("sgd: momentum must be in [0, 1); got 1");
  expect(() => sgd({ nesterov: true })).toThrow("sgd: nesterov needs momentum above 0");
});

test("options record every value, given or default", () => {
  expect(adam({ beta1: 0.8 }).options).toEqual({ beta1: 0.8, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
  expect(adamw().options).toMatchObject({ weightDecay: 0.01 });
});
