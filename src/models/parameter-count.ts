import { leavesWithPaths } from "../tensor/tree.ts";
import { isArray } from "./arrays.ts";
import type { Parameters } from "./contract.ts";

/** Number of values in a tree of parameters. */
export function parameterCount(parameters: Parameters): number {
  return leavesWithPaths(parameters, isArray).reduce((sum, [, array]) => sum + array.data.length, 0);
}
