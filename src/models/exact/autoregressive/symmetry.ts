import { arrayFrom, type NDArray, ndarray, sizeOf } from "../../../array.ts";
import { type Space, sites } from "../../../data/space.ts";
import { elementOf, type SymmetryGroup, type SymmetryName, symmetryGroup } from "../../../data/symmetry.ts";
import { usageError } from "../../../error.ts";
import {
  add,
  cast,
  constant,
  cumsum,
  expandDims,
  flatten,
  floor,
  gather,
  greater,
  less,
  logAddExp,
  logMeanExp,
  minimum,
  mul,
  ones,
  reshape,
  type SymbolicKey,
  scan,
  stack,
  sub,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";

/** Entries of the table of permutations beyond which a group is refused: 64 MB. */
const largestTable = 2 ** 24;
/** Elements up to which an average is laid out side by side rather than as a loop. */
const unrolled = 8;

/** Elements of a group, one a row: which permutation of sites, and whether values flip (1 or 0). */
export type Elements = {
  /** `[rows]` i32. */
  readonly permutation: Tensor;
  /** `[rows]`, real. */
  readonly flips: Tensor;
};

/** A group of lattice symmetries acting on configurations `[batch, sites]` inside a graph. */
export interface SymmetryAverage {
  /** Number of elements. */
  readonly order: number;
  /** log of the mean of P over the images of each row: the log-probability of the symmetrised model. */
  logProb(of: (x: Tensor) => Tensor, x: Tensor): Tensor;
  /** `rows` elements drawn uniformly. */
  draw(rows: number, key: SymbolicKey): Elements;
  /** Moves each row by its element, and flips its values with it. */
  act(elements: Elements, x: Tensor): Tensor;
  /** Site by site quantities, such as which sites are known, moved but not flipped. */
  permute(elements: Elements, x: Tensor): Tensor;
  /** Rows moved back. */
  undo(elements: Elements, x: Tensor): Tensor;
}

/**
 * The group that the named symmetries generate on the lattice of `space`, `flip` for binary spaces alone.
 *
 * @throws AnsatzError (usage) for symmetries the lattice does not have, and for groups of more than 2²⁴ table entries.
 */
export function symmetryAverage(space: Space, names: readonly SymmetryName[]): SymmetryAverage {
  const flip = names.includes("flip");
  const lattice = names.filter((name) => name !== "flip");
  const n = sites(space);
  // The flip acts on values, everything else permutes sites.
  const group = symmetryGroup(space, lattice);
  if (flip) symmetryGroup(space, ["flip"]);
  const { order } = group;
  if (order * n > largestTable)
    throw usageError(
      `symmetry ${lattice.join(",")} has ${order} elements on ${n} sites, too many to average over; ` +
        "augment the data by them instead (--augment)",
    );
  const forward = order === 1 ? undefined : permutations(group);
  const table = forward && constant(forward);
  const inverse = forward && constant(inverted(forward));

  const overFlip = (of: (x: Tensor) => Tensor, x: Tensor) =>
    flip ? sub(logAddExp(of(x), of(sub(1, x))), Math.LN2) : of(x);

  return {
    order: order * (flip ? 2 : 1),
    logProb(of, x) {
      if (!table) return overFlip(of, x);
      const image = (permutation: Tensor) => overFlip(of, gather(x, permutation, 1));
      if (order <= unrolled)
        return logMeanExp(
          stack(Array.from({ length: order }, (_, e) => image(reshape(gather(table, index(e), 0), [n])))),
          0,
        );
      const [, logs] = scan((none: [], permutation: Tensor) => [none, image(permutation)], [], table);
      return logMeanExp(logs, 0);
    },
    draw(rows, key) {
      const element = floor(mul(uniform(key.fold(0), [rows]), order));
      return {
        permutation: cast(minimum(element, order - 1), "i32"),
        flips: cast(less(uniform(key.fold(1), [rows]), flip ? 0.5 : 0), "f32"),
      };
    },
    act: (elements, x) => flipped(moved(table, elements, x), elements),
    permute: (elements, x) => moved(table, elements, x),
    undo: (elements, x) => flipped(moved(inverse, elements, x), elements),
  };

  function moved(by: Tensor | undefined, { permutation }: Elements, x: Tensor): Tensor {
    if (!by) return x;
    const rows = x.shape[0] as number;
    const offset = mul(sub(cumsum(ones([rows, 1], "i32"), 0), 1), n);
    return gather(flatten(x), add(gather(by, permutation, 0), offset), 0);
  }

  function flipped(x: Tensor, { flips }: Elements): Tensor {
    return flip ? where(greater(expandDims(flips, 1), 0), sub(1, x), x) : x;
  }
}

const index = (e: number) => constant(arrayFrom("i32", [1], [e]));

/** `[order, sites]`: the site that each site takes its value from, under every element. */
function permutations(group: SymmetryGroup): NDArray<"i32"> {
  const n = sizeOf(group.shape);
  const table = ndarray("i32", [group.order, n]);
  for (let e = 0; e < group.order; e++) table.data.set(elementOf(group, e).permutation, e * n);
  return table;
}

/** Each row's inverse permutation. */
function inverted({ data, shape }: NDArray<"i32">): NDArray<"i32"> {
  const n = shape[1] as number;
  const table = ndarray("i32", shape);
  data.forEach((site, i) => {
    table.data[i - (i % n) + site] = i % n;
  });
  return table;
}
