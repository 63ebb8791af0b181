import type { NDArray } from "../array.ts";
import { isArray, specsOf } from "../models/arrays.ts";
import type { ExactModel, Flow, Parameters, Symbolic } from "../models/contract.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import type { Target } from "../systems/system.ts";
import {
  add,
  leaves,
  mapTree,
  mean,
  mul,
  type SymbolicKey,
  slice,
  squeeze,
  stopGradient,
  sub,
  type Tensor,
  valueAndGrad,
} from "../tensor/index.ts";
import { isTensor } from "../tensor/tensor.ts";
import type { GradientEstimator } from "./solve-options.ts";
import type { SolveProblem, SolveStepper } from "./solve-step.ts";
import { applyGradient, gradientArrays, type TrainingSetup } from "./stepper.ts";

/** A model whose rows can be differentiated by its parameters. */
export type FlowModel<P extends Parameters = Parameters> = ExactModel<P> & { readonly flow: Flow<P> };

/** A target whose energy can be differentiated by the configuration. */
export type DifferentiableTarget = Target & { readonly energyTensor: (x: Tensor) => Tensor };

/** Whether gradients can go from the energy through the rows to the parameters. */
export const isFlow = <P extends Parameters>(model: ExactModel<P>): model is FlowModel<P> =>
  model.flow !== undefined;
export const isDifferentiable = (target: Target): target is DifferentiableTarget =>
  target.energyTensor !== undefined;

/** See {@link flowLoss}. */
export interface FlowLossResult {
  /** mean(log q + action), whose gradient training follows. */
  readonly loss: Tensor;
  /** `[batch]`: the target's energy of each row drawn. */
  readonly energy: Tensor;
  /** `[batch]`: log q of each row. */
  readonly logProb: Tensor;
}

/**
 * Reverse KL of a batch x = g(z), mean[log q(x) + w₀ E₀(x) + w₁ E(x)] with `weights` (w₀, w₁) of the start's and the target's
 * energies, by reparameterisation: gradients reach the parameters through x.
 *
 * `reparameterised` differentiates log q(x) = log q(z) − log |det ∂x/∂z| by the parameters as it stands. `path` leaves out the
 * score ∂ log q(x)/∂θ at fixed x, whose mean is zero: the gradient is the mean of ∂(log q + action)/∂x · ∂x/∂θ, and its
 * variance vanishes as q becomes the target (Roeder, Wu & Duvenaud, arXiv:1703.09194; Vaitl et al., arXiv:2206.09016).
 * It costs one pass x → z more.
 */
export function flowLoss<P extends Parameters>(
  model: FlowModel<P>,
  {
    target,
    start,
  }: { readonly target: DifferentiableTarget; readonly start?: DifferentiableTarget | undefined },
  estimator: GradientEstimator,
): (parameters: Symbolic<P>, key: SymbolicKey, weights: Tensor) => FlowLossResult {
  const { flow } = model;
  return (p, key, weights) => {
    const { z, logProb: base } = flow.base(p, key);
    const { x, logDet } = flow.forward(p, z);
    const weight = (i: number) => squeeze(slice(weights, 0, i, i + 1), 0);
    const fixed = mapTree(p, isTensor, (t) => stopGradient(t)) as Symbolic<P>;
    const logProb = estimator === "path" ? model.logProb(fixed, x) : sub(base, logDet);
    const energy = target.energyTensor(x);
    const own = mul(energy, weight(1));
    const action = start ? add(own, mul(start.energyTensor(x), weight(0))) : own;
    return { loss: mean(add(logProb, action)), energy, logProb };
  };
}

/**
 * Steps of a flow on a target with a differentiable energy: each of a step's updates draws a fresh batch inside the graph and
 * follows the gradient of {@link flowLoss}. Energies and log-probabilities told are those of the first update.
 */
export async function flowStepper<P extends Parameters>(
  setup: TrainingSetup<P>,
  model: FlowModel<P>,
  problem: SolveProblem & {
    readonly target: DifferentiableTarget;
    readonly start?: DifferentiableTarget | undefined;
  },
  estimator: GradientEstimator,
): Promise<SolveStepper> {
  const { parameters, batch, threads } = setup;
  const tree = specsOf(parameters);
  const of = flowLoss(model, problem, estimator);
  const both = valueAndGrad((p: Symbolic<P>, key: SymbolicKey, weights: Tensor) => {
    const { loss, energy, logProb } = of(p, key, weights);
    return [loss, { energy, logProb }] as const;
  });
  const traced = trace(
    ((p: Symbolic<P>, key: SymbolicKey, weights: Tensor) => {
      const { value, gradient } = both(p, key, weights);
      const [loss, seen] = value;
      return [loss, leaves(gradient, isTensor), seen.energy, seen.logProb];
    }) as never,
    [tree, KEY, new Spec([2])],
  );
  const program = await Program.compile(traced, { threads });
  const inputs = leaves(parameters, isArray);
  const gradients = gradientArrays(setup);

  return {
    async run({ key, weights, lr, t, scored }) {
      const losses: number[] = [];
      let [energy, logProb] = [new Float64Array(0), new Float64Array(0)];
      const both: NDArray<"f32"> = { dtype: "f32", shape: [2], data: Float32Array.from(weights) };
      for (const [i, rate] of lr.entries()) {
        const out = await program.run([...inputs, both], {
          keys: [key.fold(i)],
          batch,
          into: [undefined, ...gradients],
        });
        const [loss] = (out[0] as NDArray<"f32">).data;
        const value = Number.isFinite(loss)
          ? applyGradient(setup, loss as number, { lr: rate, t: t + i })
          : (loss as number);
        losses.push(value);
        if (!Number.isFinite(value)) break;
        if (i === 0)
          [energy, logProb] = out.slice(-2).map(({ data }) => Float64Array.from(data as Float32Array)) as [
            Float64Array<ArrayBuffer>,
            Float64Array<ArrayBuffer>,
          ];
      }
      return { losses, energy, logProb: scored ? logProb : undefined };
    },
    release: () => program.release(),
  };
}
