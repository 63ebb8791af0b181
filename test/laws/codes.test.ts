import type { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray, sizeOf } from "../../src/array.ts";
import { binary, circle, describe as named, real, type Space, siteShape } from "../../src/data/space.ts";
import { traceDecode, traceEncode } from "../../src/models/coding-graphs.ts";
import type { Coding, Model, ModelBase, Parameters } from "../../src/models/contract.ts";
import { fitted } from "../../src/models/fitted/fitted.ts";
import { createModel } from "../../src/models/registry.ts";
import { Key } from "../../src/random/key.ts";
import { uniform } from "../../src/random/uniform.ts";
import { toOnnx } from "../../src/runtime/program.ts";
import { rowsFeed, runOnnx } from "./onnx.ts";

// Models with codes: a new one is its line here. A flow loses nothing in between.
const cases: readonly (readonly [family: string, space: Space, options: object, exact: boolean])[] = [
  ["realnvp", real([4]), { couplings: 2, hidden: [8] }, true],
  ["spline", circle([3]), { hidden: [8] }, true],
  ["maf", real([3]), { hidden: [8] }, true],
  ["glow", real([4, 4]), { levels: 1, steps: 1, channels: 4 }, true],
  ["vae", binary([4, 4]), { latent: 2, hidden: [8] }, false],
  ["vq-vae", binary([4, 4]), { levels: [2, 3], width: 8, blocks: 1 }, false],
  ["vq-vae", real([6]), { levels: [3, 3], codes: 2, hidden: [8], prior: "made" }, false],
];
const ROWS = 40;

/** Rows of a space at random. */
function rowsOf(space: Space): NDArray {
  const shape = [ROWS, ...siteShape(space)];
  const values = uniform(Key.fromSeed(8), sizeOf(shape), "f64").map((u) =>
    space.kind === "binary" ? Number(u < 0.4) : 3 * u - 1.5,
  );
  return arrayFrom(space.kind === "binary" ? "u8" : "f32", shape, [...values]);
}

const numbers = ({ data }: { readonly data: unknown }) => [...(data as Float32Array)];

/** The largest difference of two lists. */
const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (b[i] as number))), a.length - b.length);

describe.each(cases.map((c) => [`${c[0]}, ${named(c[1])}`, c] as const))(
  "%s",
  (_, [family, space, options, exact]) => {
    const model: Model = createModel(family as string, space, options as Record<string, unknown>);
    const parameters = model.init(Key.fromSeed(1)) as Parameters;
    const coding = model.coding as Coding;
    const x = rowsOf(space);
    const handle = fitted(model, parameters as never);

    test("codes are of their space, and decoded are rows of the model's", async () => {
      const codes = await handle.coder.encode(x);
      expect(codes.shape).toEqual([ROWS, ...siteShape(coding.codes)]);
      const again = await handle.coder.decode(codes);
      expect(again.shape).toEqual(x.shape);
      if (exact) expect(apart(numbers(again), numbers(x))).toBeLessThan(1e-4);
      else expect(apart(numbers(await handle.coder.decode(codes)), numbers(again))).toBe(0);
      const drawn = await handle.coder.draw(ROWS, { seed: 1 });
      expect(drawn.shape).toEqual(codes.shape);
      await handle.release();
    });

    test("the exported encoder and decoder are the model's, by ONNX Runtime alone", async () => {
      const own = { ...(model as ModelBase), coding };
      const codes = await handle.coder.encode(x);
      const again = await handle.coder.decode(codes);
      const { code } = await runOnnx(toOnnx(traceEncode(own, parameters)), rowsFeed(space, x));
      expect(apart(numbers(code as Tensor), numbers(codes))).toBeLessThan(1e-5);
      const decoded = await runOnnx(toOnnx(traceDecode(own, parameters)), { code: code as Tensor });
      expect(apart(numbers(decoded.x as Tensor), numbers(again))).toBeLessThan(1e-5);
      await handle.release();
    });

    test("a walk begins at one code and ends at the other, and all between are codes", async () => {
      const codes = await handle.coder.draw(2, { seed: 3 });
      const width = sizeOf(siteShape(coding.codes));
      const [a, b] = [numbers(codes).slice(0, width), numbers(codes).slice(width)];
      const walk = coding.walk ?? (await import("../../src/models/walks.ts")).straightWalk;
      expect(apart(walk(a, b, 0), a)).toBeLessThan(1e-5);
      expect(apart(walk(a, b, 1), b)).toBeLessThan(1e-5);
      const middle = arrayFrom("f32", [1, ...siteShape(coding.codes)], walk(a, b, 0.4));
      await expect(handle.coder.decode(middle)).resolves.toMatchObject({ shape: [1, ...siteShape(space)] });
      await handle.release();
    });
  },
);

test("codes of another width and models without codes are refused in a line", async () => {
  const flow = createModel("realnvp", real([4]), { couplings: 2, hidden: [8] });
  const handle = fitted(flow, flow.init(Key.fromSeed(1)));
  await expect(handle.decode(arrayFrom("f32", [1, 3], [0, 0, 0]))).rejects.toThrow(
    "codes of shape [3] given to a model whose codes have shape [4]",
  );
  await handle.release();
  const made = createModel("made", binary([4]));
  const without = fitted(made, made.init(Key.fromSeed(1)));
  // @ts-expect-error: a model without codes has no such method.
  expect(without.encode).toBeUndefined();
  await expect(without.coder.encode(arrayFrom("u8", [1, 4], [0, 1, 0, 1]))).rejects.toThrow(
    "a made has no codes",
  );
});
