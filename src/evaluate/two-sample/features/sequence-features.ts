import type { NDArray } from "../../../array.ts";
import type { SpaceOf } from "../../../data/space.ts";
import { numbers } from "../../../data/values.ts";
import type { FeatureGroup } from "./feature.ts";

/** Maximum number of classes in which n-grams are counted. */
const mostClasses = 64;

/** Relative frequencies of n-grams of 1, 2 and 3 symbols, and the length. More than 64 different n-grams share classes by a hash. */
export function sequenceFeatures(space: SpaceOf<"sequence">): FeatureGroup[] {
  return [1, 2, 3].map((n) => ({
    name: n === 1 ? "symbols and length" : `${n}-grams`,
    of: (x) => grams(x, space, n),
  }));
}

function grams(x: NDArray, { states, maxLength }: SpaceOf<"sequence">, n: number) {
  const all = states ** n;
  const classes = Math.min(all, mostClasses);
  const width = classes + (n === 1 ? 1 : 0);
  const symbols = numbers(x);
  const rows = symbols.length / maxLength;
  const values = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let length = 0;
    while (length < maxLength && symbols[row * maxLength + length] !== states) length++;
    const count = length - n + 1;
    for (let i = 0; i < count; i++) {
      let code = 0;
      for (let k = 0; k < n; k++) code = code * states + (symbols[row * maxLength + i + k] as number);
      // A product with an odd constant spreads neighbouring codes over the classes.
      const to = all <= mostClasses ? code : (Math.imul(code, 0x9e3779b1) >>> 0) % classes;
      values[row * width + to] = values[row * width + to]! + 1 / count;
    }
    if (n === 1) values[row * width + classes] = length;
  }
  const names = Array.from({ length: classes }, (_, c) =>
    all <= mostClasses ? `${n}-gram ${c}` : `${n}-gram class ${c}`,
  );
  return { names: n === 1 ? [...names, "length"] : names, rows, values };
}
