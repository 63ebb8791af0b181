import { arrayFrom } from "../../../array.ts";
import {
  cast,
  constant,
  expandDims,
  floor,
  gather,
  less,
  lessEqual,
  minimum,
  mul,
  reshape,
  type SymbolicKey,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Ordering } from "./masks.ts";
import { type MadeParameters, realType } from "./network.ts";

/**
 * The parameters under the masks of a member of the ensemble drawn at random, so that a training step costs one pass
 * however many members there are (the sampled masks of Germain et al., section 4.2). The masks are made inside the
 * graph from each member's degrees.
 */
export function randomMember(
  orderings: readonly Ordering[],
  states: number,
): (p: Symbolic<MadeParameters>, key: SymbolicKey) => Symbolic<MadeParameters> {
  const table = (rows: readonly Uint32Array[]) => {
    const width = (rows[0] as Uint32Array).length;
    const data = new Int32Array(rows.length * width);
    rows.forEach((row, i) => {
      data.set(row, i * width);
    });
    return constant(arrayFrom("i32", [rows.length, width], data));
  };
  const wide = ({ positions }: Ordering) =>
    Uint32Array.from(
      { length: positions.length * states },
      (_, i) => positions[Math.floor(i / states)] as number,
    );
  const first = orderings[0] as Ordering;
  return (p, key) => {
    const real = realType(p);
    const draw = floor(mul(uniform(key, [1]), orderings.length));
    const index = cast(minimum(draw, orderings.length - 1), "i32");
    const row = (t: Tensor) => reshape(gather(t, index, 0), [t.shape[1] as number]);
    const sites = row(table(orderings.map(wide)));
    const degrees = first.degrees.map((_, layer) =>
      row(table(orderings.map((o) => o.degrees[layer] as Uint32Array))),
    );
    const upTo = (from: Tensor, to: Tensor) => lessEqual(expandDims(from, 1), expandDims(to, 0));
    const before = (from: Tensor, to: Tensor) => less(expandDims(from, 1), expandDims(to, 0));
    const masked = (weight: readonly Tensor[], mask: Tensor) => [mul(weight[0] as Tensor, cast(mask, real))];
    return {
      ...p,
      layers: p.layers.map(({ weight, bias }, i) => {
        const from = i === 0 ? sites : (degrees[i - 1] as Tensor);
        return { weight: masked(weight, upTo(from, degrees[i] as Tensor)), bias };
      }),
      output: { ...p.output, weight: masked(p.output.weight, before(degrees.at(-1) as Tensor, sites)) },
      ...(p.direct ? { direct: { weight: masked(p.direct.weight, before(sites, sites)) } } : {}),
    };
  };
}
