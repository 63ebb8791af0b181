import * as z from "zod";
import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { binary } from "../../data/space.ts";
import { inputError } from "../../error.ts";
import { boltzmannSystem } from "../boltzmann.ts";
import { realParameter, shapeParameter } from "../parameters.ts";
import { magnetisation } from "../spins/magnetisation.ts";
import { spinRows } from "../spins/rows.ts";
import type { Simulation, System, SystemKind } from "../system.ts";
import { type Couplings, couplingsOf, pairwiseEnergy } from "./couplings.ts";
import { pairwiseSystem, temperingAlgorithms } from "./system.ts";

/** Complete parameters of spins with couplings and fields of one's own. */
export type CouplingsParameters = {
  /** Shape of a configuration; sites are numbered along its last axis first. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Pairs that are coupled, `[i, j, J_ij]` with i < j; others are not. */
  readonly bonds: readonly (readonly [number, number, number])[];
  /** h_i of every site; absent if all are 0. */
  readonly fields?: readonly number[] | undefined;
};

/** Maximum number of sites. */
const mostSites = 2048;
/** Maximum number of bonds: they are kept in the JSON of records and data. */
const mostBonds = 100_000;

const shapeMessage = `give the shape of a configuration, from 2 to ${mostSites} sites`;
const finite = z.number({ error: "a coupling or field is a finite number" });
const site = z.int({ error: "a bond is [i, j, J] with sites i < j" }).nonnegative();

/**
 * Spins with any couplings and fields, E = −½ Σ_ij J_ij s_i s_j − Σ_i h_i s_i, where the first sum counts each pair twice, so that
 * J_ij is the strength of a bond: E = −Σ_{i<j} J_ij s_i s_j − Σ_i h_i s_i. Exact up to 25 sites, 24 in fields.
 */
export const couplings = {
  name: "couplings",
  summary:
    "spins with your own couplings, E = −½ Σ_ij J_ij s_i s_j − Σ_i h_i s_i (--energy J.npy --fields h.npy)",
  parameterNames: ["shape", "beta", "bonds", "fields"],
  schema: z
    .strictObject({
      shape: shapeParameter(shapeMessage).refine(
        (shape) => shape.every((side) => Number.isInteger(side) && side > 0) && isSize(sizeOf(shape)),
        { error: shapeMessage },
      ),
      beta: realParameter("give a number (--beta on the command line)"),
      bonds: z
        .array(z.tuple([site, site, finite], { error: "a bond is [i, j, J] with sites i < j" }), {
          error: "give the bonds [[i, j, J], ...] with sites i < j (--energy J.npy on the command line)",
        })
        .max(mostBonds, { error: `at most ${mostBonds} pairs can be coupled` }),
      fields: z.array(finite, { error: "give one field for each site" }).optional(),
    })
    .transform((parameters): CouplingsParameters => checked(parameters)),
  create: createCouplings,
  shapeOf: (row) => row,
} satisfies SystemKind<"u8", CouplingsParameters>;

const isSize = (sites: number) => sites >= 2 && sites <= mostSites;

function checked({ fields, ...parameters }: CouplingsParameters): CouplingsParameters {
  const sites = sizeOf(parameters.shape);
  const seen = new Set<number>();
  for (const [i, j] of parameters.bonds) {
    if (!(i < j && j < sites))
      throw inputError(`system couplings: the bond of sites ${i} and ${j}: sites are i < j < ${sites}`);
    if (seen.has(i * sites + j)) throw inputError(`system couplings: sites ${i} and ${j} are coupled twice`);
    seen.add(i * sites + j);
  }
  if (fields && fields.length !== sites)
    throw inputError(`system couplings: ${fields.length} fields for ${sites} sites; give one for each`);
  return { ...parameters, ...(fields?.some((h) => h !== 0) && { fields }) };
}

/**
 * The bonds of a matrix of couplings, `[i, j, J_ij]` of every pair i < j with J_ij other than 0.
 *
 * @throws AnsatzError (input) for a matrix that is too large or not square, finite, symmetric (to 1e-12 of its largest element) and zero on the
 * diagonal, naming the first element that is wrong.
 */
export function bondsOf(matrix: NDArray, where: string): CouplingsParameters["bonds"] {
  const [sites = 0, columns] = matrix.shape;
  if (matrix.shape.length !== 2 || sites !== columns)
    throw inputError(
      `${where}: couplings are a square matrix [sites, sites], not [${matrix.shape.join(", ")}]`,
    );
  if (!isSize(sites)) throw inputError(`${where}: couples ${sites} sites; there are from 2 to ${mostSites}`);
  const values = Float64Array.from(matrix.data as Float64Array, Number);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw inputError(
      `${where}: J[${Math.floor(bad / sites)}, ${bad % sites}] is ${values[bad]}, not a finite number`,
    );
  const slack = 1e-12 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const at = (i: number, j: number) => values[i * sites + j] as number;
  const bonds: [number, number, number][] = [];
  for (let i = 0; i < sites; i++) {
    if (at(i, i) !== 0)
      throw inputError(
        `${where}: J[${i}, ${i}] is ${at(i, i)}; the diagonal is 0, for s² = 1 changes nothing`,
      );
    for (let j = i + 1; j < sites; j++) {
      if (Math.abs(at(i, j) - at(j, i)) > slack)
        throw inputError(
          `${where}: J is not symmetric: J[${i}, ${j}] is ${at(i, j)} and J[${j}, ${i}] is ${at(j, i)}; E = −½ Σ_ij J_ij s_i s_j ` +
            "takes both (save J + J.T if each pair stands in one triangle, (J + J.T)/2 if in both)",
        );
      const strength = (at(i, j) + at(j, i)) / 2;
      if (strength !== 0) bonds.push([i, j, strength]);
    }
  }
  if (bonds.length > mostBonds)
    throw inputError(
      `${where}: couples ${bonds.length} pairs; at most ${mostBonds} can be coupled, set weak ones to 0`,
    );
  return bonds;
}

function createCouplings(parameters: CouplingsParameters): System<"u8", CouplingsParameters> {
  const { shape, beta, bonds, fields } = parameters;
  const sites = sizeOf(shape);
  const matrix = matrixOf(sites, bonds);
  if (!fields) return pairwiseSystem({ name: "couplings", parameters, couplings: matrix });
  // A field is a bond to one more spin, held up: by the flip of all spins half of the configurations of both have it up.
  const ghost = pairwiseSystem({
    ...{ name: "couplings", parameters: { shape: [sites + 1], beta } },
    couplings: matrixOf(sites + 1, [...bonds, ...fields.map((h, i) => [i, sites, h] as const)]),
  });
  const energy = (x: NDArray) => fieldEnergy(matrix, fields, shape, x);
  return boltzmannSystem<"u8", CouplingsParameters>({
    ...{ name: "couplings", parameters, space: binary(shape), beta, energy },
    observables: {
      energy: (x) => energy(x).map((e) => e / sites),
      magnetisation: (x) => magnetisation(shape, x),
      absMagnetisation: (x) => magnetisation(shape, x).map(Math.abs),
    },
    exact: () => {
      const { exact } = ghost;
      return exact && { ...exact, logZ: exact.logZ - Math.LN2, entropy: exact.entropy - Math.LN2 };
    },
    algorithms: temperingAlgorithms,
    simulate: async (request) => withoutGhost(await ghost.simulate(request), shape),
  });
}

function matrixOf(sites: number, bonds: Iterable<readonly [number, number, number]>): Couplings {
  const matrix = couplingsOf(sites, () => 0);
  for (const [i, j, strength] of bonds) {
    matrix.data[i * sites + j] = strength;
    matrix.data[j * sites + i] = strength;
  }
  return matrix;
}

function fieldEnergy(
  matrix: Couplings,
  fields: readonly number[],
  shape: readonly number[],
  x: NDArray,
): Float64Array {
  const { spins } = spinRows(shape, x);
  const sites = fields.length;
  return pairwiseEnergy(matrix, shape, x).map((pairs, row) => {
    let energy = pairs;
    for (let i = 0; i < sites; i++) energy -= (fields[i] as number) * (2 * spins[row * sites + i]! - 1);
    return energy;
  });
}

/** Rows of all spins but the last, flipped if the last is down. */
function withoutGhost({ x, energy, ...rest }: Simulation<"u8">, shape: readonly number[]): Simulation<"u8"> {
  const [rows = 0, width = 1] = x.shape;
  const sites = width - 1;
  const out = ndarray("u8", [rows, ...shape]);
  for (let row = 0; row < rows; row++) {
    const down = 1 - x.data[row * width + sites]!;
    for (let i = 0; i < sites; i++) out.data[row * sites + i] = x.data[row * width + i]! ^ down;
  }
  const scale = width / sites;
  return { ...rest, x: out, energy: { value: energy.value * scale, error: energy.error * scale } };
}
