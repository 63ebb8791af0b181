import { describe, expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { namedSystem, withSystem } from "./given.ts";
import { createSystem, type SystemName, systemKinds } from "./registry.ts";

/** Parameters of a small system of each kind whose rows tell its shape. */
const small: Readonly<Record<SystemName, Readonly<Record<string, unknown>>>> = {
  ising: { shape: [3, 4], beta: 0.4, lattice: "triangular" },
  potts: { shape: [3, 3], beta: 1, q: 4 },
  xy: { shape: [3, 4], beta: 1 },
  "spin-glass": { shape: [2, 3, 2], beta: 1, seed: 5 },
  sk: { shape: [10], beta: 1 },
  hopfield: { shape: [10], beta: 1, patterns: 2 },
  couplings: { shape: [2, 2], beta: 1, bonds: [[0, 3, 0.5]], fields: [0, 1, 0, 0] },
  moons: {},
  gaussians8: {},
  checkerboard: {},
  phi4: { shape: [3, 3], mass2: 1, lambda: 1 },
  u1: { shape: [3, 4], beta: 2 },
};

describe("a system that is given without its shape", () => {
  it.each(Object.keys(systemKinds))("%s has that of its rows", (name) => {
    const whole = createSystem(name, small[name as SystemName]);
    const { shape: _, ...parameters } = small[name as SystemName];
    const { system } = namedSystem({ name, parameters }, whole.shape, "rows");
    expect(system.parameters).toEqual(whole.parameters);
    expect(system.space).toEqual(whole.space);
  });

  it("is not guessed from flat rows, whose lattice may be any", () => {
    const given = { name: "ising", parameters: { beta: 0.4 } };
    expect(() => namedSystem(given, [16], "x.npy")).toThrow(
      "x.npy: rows of 16 values in a line do not tell the shape of ising; add it to the system, such as shape=8x8",
    );
    const shaped = { name: "ising", parameters: { beta: 0.4, shape: "4x4" } };
    expect(namedSystem(shaped, [16], "x.npy").system.shape).toEqual([4, 4]);
    expect(() => namedSystem(shaped, [2, 8], "x.npy")).toThrow("has rows of shape 2x8; ising with these");
  });
});

/** Four rows of spins on a ring of three, all up, with a context each. */
function rows(context: number[], stored?: { name: string; parameters: Record<string, never> }) {
  const meta = { version: metaVersion, space: { kind: "binary", shape: [3] }, encoding: "01" } as const;
  const arrays = {
    x: ndarray("u8", [4, 3], new Uint8Array(12).fill(1)),
    ...(context.length > 0 && {
      context: ndarray("f64", [4, context.length / 4], Float64Array.from(context)),
    }),
  };
  return makeDataset({ arrays, meta: { ...meta, ...(stored && { system: stored }) } }, "rows");
}

describe("rows of a given system", () => {
  const ring = (parameters: Record<string, unknown>) =>
    namedSystem({ name: "ising", parameters: { shape: [3], ...parameters } }, [3], "rows");

  it("name it with all parameters, and have its symmetries", () => {
    const { meta, symmetries } = withSystem(rows([]), ring({ beta: 0.4 }));
    expect(meta?.system).toEqual({
      name: "ising",
      parameters: { shape: [3], beta: 0.4, J: 1, lattice: "square" },
    });
    expect(symmetries).toContain("flip");
  });

  it("have the inverse temperatures of their contexts, as they were written", () => {
    const { meta } = withSystem(rows([0.4, 0.1, 0.4, 0.30000001]), ring({ beta: "context" }));
    expect(meta?.system).toEqual({
      name: "ising",
      parameters: { shape: [3], J: 1, lattice: "square" },
      betas: [0.1, 0.3, 0.4],
    });
  });

  const stored = (parameters: object) => ({
    name: "ising",
    parameters: { shape: [3], J: 1, lattice: "square", ...parameters } as unknown as Record<string, never>,
  });
  it.each([
    [rows([0, 1, 2, 3]), { beta: 1 }, "each row has a context; give beta=context"],
    [rows([0, -1, 2, 3]), { beta: "context" }, "a context is -1; an inverse temperature is 0 or more"],
    [rows([0, 1, 2, 3, 4, 5, 6, 7]), { beta: "context" }, "needs a context of one number for each row"],
    [rows([]), { beta: "context" }, "there is none"],
    [rows([], stored({ beta: 0.3 })), { beta: 0.4 }, "already known as ising with beta 0.3, not 0.4;"],
    [rows([], stored({ beta: 0.4, J: -1 })), { beta: 0.4 }, "already known as ising with J -1, not 1;"],
    [rows([], { name: "mine", parameters: {} }), { beta: 0.4 }, "already known as mine, not ising;"],
  ])("are refused where they contradict it", (dataset, parameters, message) => {
    expect(() => withSystem(dataset, ring(parameters))).toThrow(message);
  });

  it("may name it themselves, with defaults left out", () => {
    const { meta } = withSystem(
      rows([], { name: "ising", parameters: { shape: [3], beta: 0.4 } as unknown as Record<string, never> }),
      ring({ beta: 0.4 }),
    );
    expect(meta?.system?.name).toBe("ising");
  });

  it("are rows of its space", () => {
    const potts = namedSystem({ name: "potts", parameters: { shape: [3], beta: 1 } }, [3], "rows");
    expect(() => withSystem(rows([]), potts)).toThrow(
      "rows: is read as binary on 3 sites; rows of potts are categorical with 3 states on 3 sites",
    );
  });
});
