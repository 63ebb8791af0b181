import { describe, expect, it } from "vitest";
import { periodicLattice } from "./lattice.ts";
import { orderParameter, orderWave } from "./order.ts";

const spins = (lx: number, ly: number, up: (i: number, j: number) => boolean) =>
  Uint8Array.from({ length: lx * ly }, (_, site) => +up(Math.floor(site / ly), site % ly));

describe("the order parameter", () => {
  it("is N|m| of a ferromagnet", () => {
    const wave = orderWave(periodicLattice([4, 6]), 0.4);
    expect(
      orderParameter(
        wave,
        spins(4, 6, () => false),
      ),
    ).toBe(24);
    expect(
      orderParameter(
        wave,
        spins(4, 6, (i) => i < 1),
      ),
    ).toBe(12);
  });

  it("is the staggered magnetisation of an antiferromagnet on even sides", () => {
    const wave = orderWave(periodicLattice([4, 6]), -0.4);
    expect(
      orderParameter(
        wave,
        spins(4, 6, (i, j) => (i + j) % 2 === 0),
      ),
    ).toBeCloseTo(24, 12);
    expect(
      orderParameter(
        wave,
        spins(4, 6, () => true),
      ),
    ).toBeCloseTo(0, 12);
  });

  it("is that of three sublattices on a triangular lattice", () => {
    const wave = orderWave(periodicLattice([6, 9], "triangular"), -1);
    // (↑ ↑ ↓): |1 + e^{2πi/3} − e^{4πi/3}| / 3 = 2/3 of the sites.
    expect(
      orderParameter(
        wave,
        spins(6, 9, (i, j) => (i + j) % 3 !== 0),
      ),
    ).toBeCloseTo(36, 10);
    expect(
      orderParameter(
        wave,
        spins(6, 9, () => true),
      ),
    ).toBeCloseTo(0, 10);
  });

  it("follows the nearest wave on an odd side, with one domain wall around it", () => {
    const { cosine, sine } = orderWave(periodicLattice([5]), -1);
    expect(cosine[1]).toBeCloseTo(Math.cos((4 * Math.PI) / 5), 12);
    expect(Math.abs(sine[1]!)).toBeCloseTo(Math.sin((4 * Math.PI) / 5), 12);
  });
});
