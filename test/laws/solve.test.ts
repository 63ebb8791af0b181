import { expect, test } from "vitest";
import { createModel, families, solvingDefaults } from "../../src/models/index.ts";
import { createSystem } from "../../src/systems/index.ts";
import { finish, type SolveEvent, solve } from "../../src/train/index.ts";

/** Hyperparameters that make a family small. */
const small: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  transformer: { width: 16, heads: 2, layers: 1 },
  pixelcnn: { channels: 8, layers: 2 },
  rnn: { units: 16 },
};

/** Families of real numbers and angles, which model no spins. */
const continuous = new Set(["realnvp", "spline", "maf", "glow", "lattice-flow", "gauge-flow"]);

const target = createSystem("ising", { shape: [2, 3], beta: 0.4 });

const exact = [...families.values()].filter(({ kind }) => kind === "exact").map(({ name }) => name);

test.each(exact.filter((name) => !continuous.has(name)))(
  "%s is solved for a system, in 120 steps to a tenth of a nat of log Z",
  async (name) => {
    const chosen = small[name] ?? { hidden: 16 };
    const hyperparameters = { ...solvingDefaults(name, target), ...chosen };
    const model = createModel(name, { space: target.space, contextSize: 0 }, hyperparameters);
    if (model.kind !== "exact") throw new Error(`${name} has no exact likelihood`);
    expect(model.hyperparameters.z2).toBe(true);
    const last: SolveEvent[] = [];
    const solved = await finish(
      solve(model, target, { steps: 120, batch: 200, lr: 0.02, seed: 1 }),
      (event) => event.type === "estimate" && last.push(event),
    );
    await solved.release();
    const end = last.slice(-20).flatMap((event) => (event.type === "estimate" ? [event.bound.value] : []));
    const bound = end.reduce((a, b) => a + b, 0) / end.length;
    expect(Math.abs(bound - (target.exact?.logZ as number))).toBeLessThan(0.1);
  },
  60_000,
);
