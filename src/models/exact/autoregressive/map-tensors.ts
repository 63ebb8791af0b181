import { isTensor, type Tensor } from "../../../tensor/tensor.ts";
import { mapTree } from "../../../tensor/tree.ts";

/** The tree with `f` of each of its tensors: of the same type, which `mapTree` cannot know of a type parameter. */
export const mapTensors = <T>(tree: T, f: (t: Tensor) => Tensor): T =>
  mapTree(tree, isTensor, f) as unknown as T;
