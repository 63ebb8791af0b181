import { expect, it } from "vitest";
import { systemText } from "./system-text.ts";

it.each([
  [[8], "square", "chain"],
  [[8, 8], "square", "square"],
  [[4, 4, 4], "square", "cubic"],
  [[2, 2, 2, 2], "square", "hypercubic"],
  [[8, 8], "triangular", "triangular"],
])("a lattice of shape %j, %s, is called %s", (shape, lattice, name) => {
  const text = systemText({ name: "ising", parameters: { shape, beta: 0.44068679, J: -1, lattice } });
  expect(text).toBe(`ising (shape ${shape.join("×")}, beta 0.440687, J −1, lattice ${name})`);
});

it("bonds and fields are counted", () => {
  const parameters = { shape: [3], beta: 1, bonds: [[0, 1, 0.5]], fields: [0, 1, 1] };
  expect(systemText({ name: "couplings", parameters })).toBe(
    "couplings (shape 3, beta 1, 1 bonds, 3 fields)",
  );
});

it("a system without parameters is its name", () => {
  expect(systemText({ name: "checkerboard", parameters: {} })).toBe("checkerboard");
});
