import { real } from "../src/data/space.ts";
import type { DifferentiableModel, Flow, Symbolic } from "../src/models/contract.ts";
import type { FlowParameters } from "../src/models/exact/flows/flow.ts";
import { makeLatticeFlow } from "../src/models/exact/flows/lattice/lattice-flow.ts";
import { phi4EnergyTensor } from "../src/systems/phi4/index.ts";
import { add, mean, mul, square, sub, sum, type Tensor } from "../src/tensor/index.ts";

/**
 * A flow on φ⁴ theory at m² = −4, λ = 8, whose rows are noise: the loss is that of a step of `solve`, the mean of log q + S
 * over x = g(z), for z that lie in memory as the peers' do.
 */
export function phi4Flow(
  side: number,
  couplings: number,
  channels: number,
): DifferentiableModel<FlowParameters> {
  const flow = makeLatticeFlow(
    { space: real([side, side]) },
    { couplings, channels, kernel: 3, layers: 2, transform: "affine", spectrum: false },
  );
  const constant = 0.5 * side * side * Math.log(2 * Math.PI);
  return {
    ...flow,
    loss(p: Symbolic<FlowParameters>, z: Tensor) {
      const { x, logDet } = (flow.flow as Flow<FlowParameters>).forward(p, z);
      const logBase = sub(mul(sum(square(z), [1, 2]), -0.5), constant);
      return mean(add(sub(logBase, logDet), phi4EnergyTensor({ mass2: -4, lambda: 8 }, x)));
    },
  };
}
