import { expect, test } from "vitest";
import { createModel, families, solvingDefaults } from "../../src/models/index.ts";
import type { Estimate } from "../../src/stats/index.ts";
import { createSystem } from "../../src/systems/index.ts";
import { type EventOf, solve } from "../../src/train/index.ts";

/** Hyperparameters that make a family small. */
const small: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  transformer: { width: 16, heads: 2, layers: 1 },
  pixelcnn: { channels: 8, layers: 2 },
  rnn: { units: 16 },
};

/** Families of real numbers and angles, which model no spins. */
const continuous = new Set(["realnvp", "spline", "maf", "glow", "lattice-flow", "gauge-flow"]);

/** The bound on log Z that a round told. */
const boundOf = ({ measures }: EventOf<"round">) => (measures["log Z"] as Estimate).value;

const target = createSystem("ising", { shape: [2, 3], beta: 0.4 });

/** Quantum states are of shots in a setting each, and have no system to be solved for. */
const quantum = new Set(["density", "wave", "rbm-wave", "purified", "rbm-purified"]);
const exact = [...families.values()]
  .filter(({ kind, name }) => kind === "exact" && !quantum.has(name))
  .map(({ name }) => name);

test.each(exact.filter((name) => !continuous.has(name)))(
  "%s is solved for a system, in 120 steps to a tenth of a nat of log Z",
  async (name) => {
    const chosen = small[name] ?? { hidden: 16 };
    const hyperparameters = { ...solvingDefaults(name, target), ...chosen };
    const model = createModel(name, { space: target.space }, hyperparameters);
    if (model.kind !== "exact") throw new Error(`${name} has no exact likelihood`);
    expect(model.hyperparameters.z2).toBe(true);
    const last: number[] = [];
    const solved = await solve(model, target, { steps: 120, batch: 200, lr: 0.02, seed: 1 }).result(
      (event) => event.type === "round" && last.push(boundOf(event)),
    );
    await solved.release();
    const end = last.slice(-20);
    const bound = end.reduce((a, b) => a + b, 0) / end.length;
    expect(Math.abs(bound - (target.exact?.logZ as number))).toBeLessThan(0.1);
  },
  60_000,
);

/** Flows, and a system of fields or links that is known exactly. */
const fields: readonly (readonly [
  name: string,
  system: string,
  parameters: object,
  hyperparameters: object,
])[] = [
  ["lattice-flow", "phi4", { shape: [6], mass2: 0.5, lambda: 1 }, { couplings: 6 }],
  ["realnvp", "phi4", { shape: [4], mass2: 0.5, lambda: 1 }, { couplings: 6, hidden: [32] }],
  ["spline", "phi4", { shape: [3], mass2: 0.5, lambda: 1 }, { hidden: [32], bins: 8 }],
  ["maf", "phi4", { shape: [3], mass2: 0.5, lambda: 1 }, { hidden: [24] }],
  ["glow", "phi4", { shape: [4, 4], mass2: 1, lambda: 0 }, { levels: 1, steps: 3, channels: 16 }],
  ["gauge-flow", "u1", { shape: [2, 4], beta: 1 }, { couplings: 8, channels: 4, bins: 4 }],
];

test("every family of continuous values has its line among these", () => {
  expect(new Set(fields.map(([name]) => name))).toEqual(continuous);
});

test.each(fields)(
  "%s is solved for %s by gradients through its rows, to a tenth of a nat of log Z",
  async (name, system, parameters, hyperparameters) => {
    const field = createSystem(system, parameters);
    const model = createModel(
      name,
      { space: field.space },
      { ...solvingDefaults(name, field), ...hyperparameters },
    );
    if (model.kind !== "exact") throw new Error(`${name} has no exact likelihood`);
    const bounds: number[] = [];
    const solved = await solve(model, field, {
      steps: 200,
      batch: 100,
      lr: 0.01,
      warmup: 10,
      seed: 1,
    }).result((event) => event.type === "round" && bounds.push(boundOf(event)));
    await solved.release();
    const end = bounds.slice(-20).reduce((a, b) => a + b, 0) / 20;
    expect(Math.abs(end - (field.exact?.logZ as number))).toBeLessThan(0.1);
  },
  60_000,
);
