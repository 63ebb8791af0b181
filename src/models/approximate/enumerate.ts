import { type NDArray, ndarray } from "../../array.ts";
import { type Space, siteShape, sites, stateCount } from "../../data/space.ts";
import { cast, constant, logSumExp, reshape, type Tensor } from "../../tensor/index.ts";
import {
  type EnergyModel,
  type EnergyParameters,
  type Enumeration,
  inputType,
  type Symbolic,
} from "../contract.ts";

/** States `start` … `end` − 1 of `units` units with `states` values each, the first unit the least significant: i32. */
export function sideStates(units: number, states: number, start: number, end: number): NDArray<"i32"> {
  const data = new Int32Array((end - start) * units);
  for (let row = 0; row < end - start; row++) {
    let rest = start + row;
    for (let i = 0; i < units; i++) {
      data[row * units + i] = rest % states;
      rest = Math.floor(rest / states);
    }
  }
  return ndarray("i32", [end - start, units], data);
}

/** The sites themselves as the enumerated side; for binary and categorical spaces. */
export function visibleSide<P extends EnergyParameters>(
  space: Space,
  logWeight: (parameters: Symbolic<P>, x: Tensor) => Tensor,
): Enumeration<P> {
  const rows = (p: Symbolic<P>, side: Tensor) => {
    const type = inputType(space, p.reference.dtype === "f64" ? "f64" : "f32");
    return reshape(cast(side, type), [side.shape[0] as number, ...siteShape(space)]);
  };
  return {
    units: sites(space),
    states: stateCount(space) as number,
    logWeight: (p, side) => logWeight(p, rows(p, side)),
    draw: rows,
  };
}

/** Returns log Z in nats, a scalar: the sum over all states of the enumerable side, all at once. */
export function logPartition<P extends EnergyParameters>(
  { enumeration, family }: EnergyModel<P>,
  parameters: Symbolic<P>,
): Tensor {
  if (!enumeration) throw new Error(`${family} has no side that can be enumerated`);
  const { units, states } = enumeration;
  return logSumExp(
    enumeration.logWeight(parameters, constant(sideStates(units, states, 0, states ** units))),
  );
}
