import { firstNonFinite } from "../array.ts";
import { readSafetensors, writeSafetensors } from "../data/formats/safetensors.ts";
import { inputError } from "../error.ts";
import { isArray } from "../models/arrays.ts";
import type { Model, Parameters } from "../models/contract.ts";
import { Key } from "../random/key.ts";
import { leavesWithPaths, mapTree } from "../tensor/tree.ts";

/** Parameters as a `.safetensors` file, by path (`layers.0.weight`). The same parameters give the same bytes. */
export function writeParameters(parameters: Parameters, family: string): Uint8Array {
  return writeSafetensors(Object.fromEntries(leavesWithPaths(parameters, isArray)), {
    format: "ansatz",
    family,
  });
}

/** The parameters of `model` in a file; throws input errors naming the file `where` and the array that is wrong. */
export function readParameters(bytes: Uint8Array, model: Model, where: string): Parameters {
  const { tensors } = readSafetensors(bytes, where);
  const left = new Set(Object.keys(tensors));
  const parameters = mapTree(model.init(Key.fromSeed(0)), isArray, (expected, path) => {
    const found = tensors[path];
    if (!found) throw inputError(`${where}: has no array '${path}', which ${model.family} needs`);
    left.delete(path);
    if (found.dtype !== expected.dtype || found.shape.join() !== expected.shape.join())
      throw inputError(
        `${where}: array '${path}' is ${found.dtype} [${found.shape.join(", ")}]; ` +
          `${model.family} needs ${expected.dtype} [${expected.shape.join(", ")}]`,
      );
    const at = firstNonFinite(found.data as Float32Array);
    if (at >= 0)
      throw inputError(
        `${where}: array '${path}' holds ${found.data[at]} (element ${at}); the file is damaged`,
      );
    return found;
  });
  const [extra] = left;
  if (extra !== undefined)
    throw inputError(`${where}: has an array '${extra}', which ${model.family} does not`);
  return parameters as Parameters;
}
