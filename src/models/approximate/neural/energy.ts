import * as z from "zod";
import type { NDArray } from "../../../array.ts";
import { type Space, siteShape, sites, stateCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames, activations } from "../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import {
  add,
  div,
  exp,
  greater,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  where,
} from "../../../tensor/index.ts";
import { constantColumns } from "../../constant-columns.ts";
import type { Domain, EnergyModel, Family, Symbolic } from "../../contract.ts";
import { layerSizes } from "../../exact/autoregressive/options.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { visibleSide } from "../enumerate.ts";
import { energyTraining, trainingHyperparameters } from "../options.ts";
import { referenceOf } from "../reference.ts";
import { heatBath } from "./heat-bath.ts";
import { hybrid } from "./hybrid.ts";

const { centred: _, ...training } = trainingHyperparameters;
const schema = z.strictObject({
  /** Units of each hidden layer: 64, or [64, 64] (default [64, 64]). */
  hidden: layerSizes.default([64, 64]).describe("units of each hidden layer: 64, or 64,64"),
  /** Activation of the hidden units (default `tanh`). */
  activation: z.enum(activationNames).default("tanh").describe("activation of the hidden units"),
  /** Steps of a trajectory of real sites (default 10). */
  leapfrog: z.int().min(1).max(1000).default(10).describe("leapfrog steps of a trajectory, for real sites"),
  /** Size of these steps, in standard deviations of the data; each row varies it by half (default 0.2). */
  stepSize: z
    .number()
    .positive()
    .max(2)
    .default(0.2)
    .describe("step size, in standard deviations of the data; varied by up to half for each row"),
  ...training,
});

/**
 * Hyperparameters of {@link makeEnergy}, all optional.
 *
 * @interface
 */
export type EnergyOptions = z.input<typeof schema>;

/** A neural energy's parameters. */
export type NeuralEnergyParameters = {
  /** Hidden layers, each with a weight `[inputs, outputs]` and a bias `[outputs]`; the first reads the sites. */
  readonly layers: readonly { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> }[];
  /** Contribution of the last hidden layer to log P, one weight per unit: `[units]`. */
  readonly output: NDArray<"f32">;
  /**
   * The independent sites that the tempered path starts from, set from the data: `[sites]`, `[sites, states]` or `[2,
   * sites]`.
   */
  readonly reference: NDArray<"f32">;
};

type P = Symbolic<NeuralEnergyParameters>;

/**
 * P(x) = q(x) exp(g(x))/Z with independent sites q of the data's marginals and a feed-forward network g, which reads spins −1
 * and +1 or standardised real numbers: an exponential tilting, so that real rows have a P that can be normalised. The path is
 * q exp(t g). Chains are heat bath, site by site, on bits, and hybrid Monte Carlo on real numbers. Throws AnsatzError (usage)
 * for other spaces, a context and hyperparameters out of range.
 */
export function makeEnergy(domain: Domain, options: EnergyOptions = {}): EnergyModel<NeuralEnergyParameters> {
  const { space, context } = domain;
  const h = checkHyperparameters("energy", schema, options);
  if (context) throw usageError("energy takes no context");
  if (space.kind !== "binary" && space.kind !== "real")
    throw usageError(`energy models binary and real data, not ${space.kind}; the family potts is for states`);
  const independent = referenceOf(space, "energy");
  const n = sites(space);
  const terms = stateCount(space) === undefined ? undefined : 2 ** n;
  const activation = activations[h.activation];

  /** g of what the network reads, `[batch, n]` → `[batch]`. */
  const network = (p: P, read: Tensor): Tensor => {
    const top = p.layers.reduce(
      (a: Tensor, { weight, bias }) => activation(add(matmul(a, weight as Tensor), bias as Tensor)),
      read,
    );
    return matmul(top, p.output);
  };
  const rows = (x: Tensor) => reshape(x, [x.shape[0] as number, n]);
  const moments = (p: P) =>
    [0, 1].map((i) => reshape(slice(p.reference, 0, i, i + 1), [n])) as [Tensor, Tensor];
  const reads = (p: P, x: Tensor): Tensor => {
    if (space.kind === "binary") return sub(mul(rows(x), 2), 1);
    const [middle, logScale] = moments(p);
    return div(sub(rows(x), middle), exp(logScale));
  };
  const logWeightAt = (p: P, x: Tensor, t: Tensor | number) =>
    add(independent.logProb(p.reference, x), mul(t, network(p, reads(p, x))));
  const logWeight = (p: P, x: Tensor) => logWeightAt(p, x, 1);
  const shaped = (x: Tensor) => reshape(x, [x.shape[0] as number, ...siteShape(space)]);

  return {
    kind: "energy",
    family: "energy",
    hyperparameters: h,
    ...{ space, logWeight },
    training: energyTraining(
      { ...h, centred: false },
      {
        ...{ family: "energy", terms },
        pseudoLikelihood: space.kind === "binary",
        scoreMatching: space.kind === "real",
      },
    ),
    init(key) {
      const widths = [n, ...h.hidden];
      return {
        layers: h.hidden.map((units, i) => ({
          weight: glorotInit(key.fold(i), widths[i] as number, units),
          bias: zerosInit([units]),
        })),
        // Zero: training starts from independent sites.
        output: zerosInit([widths.at(-1) as number]),
        reference: independent.flat(),
      };
    },
    adapt: (p, x) => ({ ...p, reference: independent.fit(x) }),
    ...(space.kind === "real" && { refusesTraining: constantColumns(space) }),
    decays: (path) => path.endsWith("weight"),
    path: {
      logWeight: logWeightAt,
      draw: (p, key, batch) => independent.draw(p.reference, key, batch),
      sweep(p, x, t, key, known) {
        if (space.kind === "binary") {
          const at = (bits: Tensor) => logWeightAt(p, bits, t);
          return shaped(heatBath(rows(x), at, key, known && rows(known)));
        }
        const [middle, logScale] = moments(p);
        const scale = exp(logScale);
        const moved = hybrid(reads(p, x), (read) => mul(t, network(p, read)), {
          ...{ key, leapfrog: h.leapfrog, stepSize: h.stepSize },
          ...(known && { known: rows(known) }),
        });
        const next = add(middle, mul(moved, scale));
        // Known values to the last bit: there and back through the scale they would be rounded.
        return shaped(known ? where(greater(rows(known), 0), rows(x), next) : next);
      },
    },
    ...(terms !== undefined &&
      Number.isSafeInteger(terms) && { enumeration: visibleSide<NeuralEnergyParameters>(space, logWeight) }),
  };
}

/** A neural network as the energy. */
export const energy: Family<EnergyModel<NeuralEnergyParameters>> = {
  name: "energy",
  kind: "energy",
  summary: "a network as the energy of bits (heat bath chains) or real numbers (hybrid Monte Carlo)",
  schema,
  parameterCount({ space }: { space: Space }, options) {
    const { hidden } = checkHyperparameters("energy", schema, options);
    const widths = [sites(space), ...hidden];
    const layers = hidden.reduce((sum, units, i) => sum + units * ((widths[i] as number) + 1), 0);
    return layers + (hidden.at(-1) as number) + (space.kind === "real" ? 2 : 1) * sites(space);
  },
  create: makeEnergy,
};
