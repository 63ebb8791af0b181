import * as z from "zod";
import type { NDArray } from "../../array.ts";
import { circle } from "../../data/space.ts";
import { boltzmannSystem } from "../boltzmann.ts";
import { simulateField } from "../hmc/simulate.ts";
import { realParameter, shapeParameter } from "../parameters.ts";
import type { System, SystemKind } from "../system.ts";
import { plaquetteAngles, u1Action, u1EnergyTensor } from "./action.ts";
import { exactU1, type U1Exact } from "./exact.ts";
import { charge, meanCosine, ofPlaquettes, wilson2x2 } from "./observables.ts";

/** Complete parameters of two-dimensional U(1) gauge theory. */
export type U1Parameters = {
  /** Two sides of the lattice of sites; it has one plaquette and two links per site. */
  readonly shape: readonly number[];
  /** Inverse coupling. */
  readonly beta: number;
};

/** There every plaquette lies within about 0.001 of its minimum; chains of hybrid Monte Carlo hardly move beyond. */
const mostBeta = 1e6;

const sidesMessage = "give two sides from 2 to 512, such as 8x8";

/**
 * U(1) gauge theory in two dimensions with Wilson's action, P = e^{β Σ_p cos θ_p}/Z over the angles of the links of a
 * torus. A configuration is `[2, rows, columns]`: θ[μ, x, y] is the link from site (x, y) to the next along axis μ. The
 * energy is −Σ_p cos θ_p. Exact at any size, topological susceptibility included.
 */
export const u1 = {
  name: "u1",
  summary:
    "U(1) gauge theory in two dimensions, H = −Σ_p cos θ_p over plaquettes; rows are link angles [2, L, L]",
  parameterNames: ["shape", "beta"],
  schema: z.strictObject({
    shape: shapeParameter(sidesMessage).refine(
      (shape) => shape.length === 2 && shape.every((n) => Number.isInteger(n) && n >= 2 && n <= 512),
      { error: sidesMessage },
    ),
    beta: realParameter("give a number (--beta on the command line)").refine(
      (beta) => Math.abs(beta) <= mostBeta,
      { error: `give a number from ${-mostBeta} to ${mostBeta}` },
    ),
  }),
  create: createU1,
  // The first axis of a row is the direction of its links.
  shapeOf: ([directions, ...sides]) => (directions === 2 && sides.length === 2 ? sides : undefined),
} satisfies SystemKind<"f32", U1Parameters>;

function createU1(parameters: U1Parameters): System<"f32", U1Parameters> {
  const { beta } = parameters;
  const sides = parameters.shape as readonly [number, number];
  const [rows, columns] = sides;
  const volume = rows * columns;
  const plaquette = ofPlaquettes(sides, meanCosine);
  const topologicalCharge = ofPlaquettes(sides, charge);
  const energy = (x: NDArray) => plaquette(x).map((mean) => 0 - volume * mean);
  const action = u1Action(sides, beta);
  const angles = new Float64Array(volume);
  let known: U1Exact | undefined;
  const exact = () => {
    known ??= exactU1(volume, beta);
    return known;
  };
  return boltzmannSystem({
    name: "u1",
    parameters,
    space: circle([2, rows, columns]),
    beta,
    energy,
    energyTensor: u1EnergyTensor,
    observables: {
      energy: (x) => energy(x).map((e) => e / (2 * volume)),
      plaquette,
      wilson2x2: ofPlaquettes(sides, wilson2x2(rows, columns)),
      charge: topologicalCharge,
      squareCharge: (x) => topologicalCharge(x).map((q) => q * q),
    },
    headlines: ["plaquette", "squareCharge"],
    exact,
    exactMeans: () => ({
      plaquette: exact().plaquette,
      wilson2x2: exact().wilson(4),
      charge: 0,
      squareCharge: exact().squareCharge,
    }),
    simulate: (request) =>
      simulateField({
        ...request,
        shape: [2, rows, columns],
        action,
        start: (chain, random) =>
          Float64Array.from({ length: 2 * volume }, () =>
            chain % 2 === 0 ? 0 : Math.PI * (2 * random.uniform() - 1),
          ),
        measures: [
          (links) => action.value(links),
          (links) => {
            plaquetteAngles(links, rows, columns, angles);
            return charge(angles) ** 2;
          },
        ],
        energyPerSite: (x) => energy(x).map((e) => e / (2 * volume)),
        alsoSweep: ", and a proposal of one quantum of flux",
      }),
  });
}
