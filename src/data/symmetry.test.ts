import { describe, expect, it } from "vitest";
import { Key } from "../random/key.ts";
import { binary, categorical, real, sequence } from "./space.ts";
import { augment, elementOf, type SymmetryGroup, type SymmetryName, symmetryGroup } from "./symmetry.ts";

const everything: SymmetryName[] = ["flip", "translations", "reflections", "rotations"];
const elements = (group: SymmetryGroup) => Array.from({ length: group.order }, (_, e) => elementOf(group, e));
const text = ({ flips, permutation }: { flips: boolean; permutation: Uint32Array }) =>
  `${flips}:${permutation}`;

/** Nearest-neighbour bonds of a periodic lattice, each as a sorted pair. */
function bonds(shape: readonly number[]): Set<string> {
  const out = new Set<string>();
  const size = shape.reduce((a, b) => a * b);
  for (let i = 0; i < size; i++) {
    let stride = size;
    for (const n of shape) {
      stride /= n;
      const c = Math.floor(i / stride) % n;
      const j = i + ((c + 1) % n) * stride - c * stride;
      out.add([i, j].sort((a, b) => a - b).join());
    }
  }
  return out;
}

describe("symmetryGroup", () => {
  it("mirror exchanges left and right of a picture, and neither top and bottom nor colours", () => {
    const group = symmetryGroup(real([2, 3, 2]), ["mirror"]);
    expect(group.order).toBe(2);
    const { permutation } = elementOf(group, 1);
    // Pixel (row, column), colour c is number (3 row + column) 2 + c.
    expect(Array.from(permutation)).toEqual([4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7]);
  });

  it.each([
    [[3, 3], everything, 2 * 9 * 8],
    [[4, 4], ["rotations"], 4],
    [[4, 4], ["reflections"], 4],
    [[4, 4], ["rotations", "reflections"], 8],
    [[3, 4], ["translations", "reflections"], 12 * 4],
    [[3, 3, 3], ["rotations", "reflections"], 48],
    [[2, 3, 4], ["translations"], 24],
    [[5], ["flip", "translations", "reflections"], 2 * 5 * 2],
    [[3, 4], ["mirror"], 2],
    [[4, 4], ["mirror", "rotations"], 8],
    [[4, 4], [], 1],
  ] as [number[], SymmetryName[], number][])(
    "on %j, %j: distinct elements, closed, keeping bonds",
    (shape, names, order) => {
      const group = symmetryGroup(binary(shape), names);
      expect(group.order).toBe(order);
      const list = elements(group);
      const all = new Set(list.map(text));
      expect(all.size).toBe(order);
      const sites = shape.reduce((a, b) => a * b);
      expect(list[0]?.permutation).toEqual(Uint32Array.from({ length: sites }, (_, i) => i));
      expect(list[0]?.flips).toBe(false);
      const bonded = bonds(shape);
      for (const { permutation: p } of list)
        for (const bond of bonded) {
          const [i, j] = bond.split(",").map((site) => p[Number(site)] as number) as [number, number];
          expect(bonded.has([i, j].sort((a, b) => a - b).join())).toBe(true);
        }
      // Products of a sample of pairs stay in the group.
      for (let k = 0; k < 50; k++) {
        const a = list[(k * 31) % order] as (typeof list)[0];
        const b = list[(k * 17 + 5) % order] as (typeof list)[0];
        expect(
          all.has(
            text({
              flips: a.flips !== b.flips,
              permutation: b.permutation.map((i) => a.permutation[i] as number),
            }),
          ),
        ).toBe(true);
      }
    },
  );

  it("refuses symmetries the space does not have", () => {
    expect(() => symmetryGroup(categorical([4, 4], 3), ["flip"])).toThrow("a categorical space has no flip");
    expect(() => symmetryGroup(binary([3, 4]), ["rotations"])).toThrow("a 3x4 lattice has no rotations");
    expect(() => symmetryGroup(sequence(4, 8), ["translations"])).toThrow(
      "sequences have no lattice symmetries",
    );
  });
});

describe("augment", () => {
  const rows = 4000;
  const pattern = [1, 1, 0, 0, 1, 0, 0, 0, 0]; // all of its 144 images on the 3×3 torus, flips included

  it("replaces each row by an image of it, uniformly over the group", () => {
    const group = symmetryGroup(binary([3, 3]), everything);
    const batch = Float32Array.from({ length: rows * 9 }, (_, i) => pattern[i % 9] as number);
    augment(batch, rows, group, Key.fromSeed(3));
    const expected = new Map<string, number>();
    for (const { flips, permutation } of elements(group)) {
      const image = Array.from(permutation, (i) => (flips ? 1 - (pattern[i] as number) : pattern[i])).join();
      expected.set(image, (expected.get(image) ?? 0) + rows / group.order);
    }
    const found = new Map<string, number>();
    for (let r = 0; r < rows; r++) {
      const image = batch.subarray(9 * r, 9 * r + 9).join();
      found.set(image, (found.get(image) ?? 0) + 1);
    }
    expect([...found.keys()].every((image) => expected.has(image))).toBe(true);
    let chi2 = 0;
    for (const [image, n] of expected) chi2 += ((found.get(image) ?? 0) - n) ** 2 / n;
    // χ² with k − 1 degrees of freedom: mean k − 1, variance 2(k − 1); four standard deviations is p < 1e-4.
    const freedom = expected.size - 1;
    expect(chi2).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  it("leaves rows beyond the count alone, and negates real fields", () => {
    const group = symmetryGroup(real([2]), ["flip"]);
    const batch = Float32Array.from({ length: 400 }, (_, i) => 0.5 + (i % 2));
    augment(batch, 100, group, Key.fromSeed(1));
    expect(batch.subarray(200)).toEqual(Float32Array.from({ length: 200 }, (_, i) => 0.5 + (i % 2)));
    const signs = Array.from({ length: 100 }, (_, r) => {
      const [a, b] = batch.subarray(2 * r, 2 * r + 2) as unknown as [number, number];
      expect([Math.abs(a), b / a]).toEqual([0.5, 3]);
      return Math.sign(a);
    });
    expect(new Set(signs)).toEqual(new Set([1, -1]));
  });

  it("refuses a batch that is too short", () => {
    const group = symmetryGroup(binary([3, 3]), ["flip"]);
    expect(() => augment(new Float32Array(17), 2, group, Key.fromSeed(0))).toThrow(
      "does not hold 2 rows of 9",
    );
  });
});
