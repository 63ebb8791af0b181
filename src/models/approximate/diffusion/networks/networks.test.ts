import { describe, expect, it } from "vitest";
import { arrayFrom, type NDArray, ndarray, sizeOf } from "../../../../array.ts";
import { real } from "../../../../data/space.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { jit, Program, trace } from "../../../../runtime/index.ts";
import { Spec } from "../../../../runtime/trace.ts";
import { grad, mean, square, sub, type Tensor } from "../../../../tensor/index.ts";
import { BATCH } from "../../../../tensor/shape.ts";
import { mapTree } from "../../../../tensor/tree.ts";
import type { Parameters } from "../../../contract.ts";
import { makeFlowMatching } from "../flow-matching.ts";
import type { FlowMatchingOptions } from "../options.ts";
import type { TimeNetwork } from "./network.ts";
import { type PatchTransformerOptions, patchTransformer } from "./patch-transformer.ts";
import { type UNetOptions, unet } from "./unet.ts";

type Case = {
  shape: number[];
  inputs: number;
  context: number;
  network: TimeNetwork<never>;
  shift?: number[];
};

const common = { family: "f", inputs: 2, contextSize: 0, padding: "zero" } as const;
const u = (options: Partial<UNetOptions> & { shape: number[] }, shift?: number[]): Case => {
  const all = { ...common, ...options };
  const network = unet(all) as unknown as TimeNetwork<never>;
  return { shape: all.shape, inputs: all.inputs, context: all.contextSize, network, ...(shift && { shift }) };
};
const t = (options: Partial<PatchTransformerOptions> & { shape: number[] }): Case => {
  const all = { ...common, width: 48, layers: 2, ...options };
  const network = patchTransformer(all) as unknown as TimeNetwork<never>;
  return { shape: all.shape, inputs: all.inputs, context: all.contextSize, network };
};

const cases: readonly (readonly [string, Case])[] = [
  ["U-Net of a lattice", u({ shape: [8, 8], padding: "periodic" }, [2, 4])],
  ["U-Net with patches", u({ shape: [16, 16], padding: "periodic", patch: 2, channels: [32, 40] }, [4, 8])],
  ["U-Net of a chain", u({ shape: [24], padding: "periodic", channels: [32, 32, 32] }, [8])],
  ["U-Net of sides that differ and do not halve", u({ shape: [6, 10], channels: [32, 32] })],
  [
    "U-Net of a picture with colours and a context",
    u({ shape: [12, 12, 3], contextSize: 3, channels: [32, 64] }),
  ],
  ["U-Net of an odd side", u({ shape: [7, 7] })],
  ["U-Net that reads one number of a site", u({ shape: [4, 4], inputs: 1 })],
  ["transformer of a lattice", t({ shape: [8, 8], padding: "periodic", patch: 2 })],
  ["transformer of a chain", t({ shape: [12] })],
  ["transformer of a picture with colours and a context", t({ shape: [8, 8, 3], contextSize: 3, patch: 4 })],
];

const numbers = (seed: number, shape: readonly number[], scale = 1): NDArray<"f32"> =>
  ndarray(
    "f32",
    shape,
    normal(Key.fromSeed(seed), sizeOf(shape), "f32").map((v) => scale * v),
  );
const leaf = (value: unknown): value is NDArray<"f32"> =>
  typeof value === "object" && value !== null && "data" in value;
const leaves = (parameters: Parameters): NDArray<"f32">[] => {
  const all: NDArray<"f32">[] = [];
  mapTree(parameters, leaf, (array) => all.push(array));
  return all;
};
/** Parameters of which none is zero, as after some steps. */
const moved = (parameters: Parameters): Parameters => {
  let seed = 0;
  return mapTree(parameters, leaf, (array) => {
    const noise = numbers(100 + seed++, array.shape, 0.1).data;
    return ndarray(
      "f32",
      array.shape,
      array.data.map((v, i) => v + (noise[i] as number)),
    );
  }) as Parameters;
};
const rows = 3;
const argumentsOf = ({ shape, inputs, context }: Case) => ({
  z: numbers(1, [rows, ...shape, inputs]),
  time: arrayFrom("f32", [rows], [0, 0.3, 1]),
  context: context > 0 ? numbers(2, [rows, context]) : undefined,
});
const applier = ({ network, context }: Case) => {
  const bare = jit((p: never, z: Tensor, time: Tensor) => network.apply(p, z, time, undefined));
  const told = jit((p: never, z: Tensor, time: Tensor, c: Tensor) => network.apply(p, z, time, c));
  return async (p: unknown, a: ReturnType<typeof argumentsOf>): Promise<NDArray<"f32">> =>
    (context > 0
      ? told(p as never, a.z, a.time, a.context as never)
      : bare(p as never, a.z, a.time)) as never;
};
const distance = (a: NDArray<"f32">, b: NDArray<"f32">) =>
  Math.max(...a.data.map((v, i) => Math.abs(v - (b.data[i] as number))));

describe.each(cases)("%s", (_, c) => {
  const fresh = c.network.init(Key.fromSeed(7));
  const used = moved(fresh);
  const a = argumentsOf(c);
  const apply = applier(c);

  it("starts at zero, keeps the shape, and depends on all that it reads", async () => {
    expect(leaves(fresh).reduce((sum, { data }) => sum + data.length, 0)).toBe(c.network.count);
    const start = await apply(fresh, a);
    expect(start.shape).toEqual([rows, ...c.shape]);
    expect(start.data.every((v) => v === 0)).toBe(true);
    const y = await apply(used, a);
    const others = {
      z: { ...a, z: numbers(3, a.z.shape) },
      time: { ...a, time: arrayFrom("f32", [rows], [0.5, 0.6, 0.7]) },
      ...(a.context && { context: { ...a, context: numbers(4, a.context.shape) } }),
    };
    for (const [what, other] of Object.entries(others))
      expect(distance(y, await apply(used, other)), what).toBeGreaterThan(1e-3);
  });

  it("has a gradient, finite, for every parameter", async () => {
    const target = numbers(5, [rows, ...c.shape]);
    const loss = (p: never, z: Tensor, time: Tensor, y: Tensor, told?: Tensor) =>
      mean(square(sub(c.network.apply(p, z, time, told), y)));
    const gradient = jit((p: never, z: Tensor, time: Tensor, y: Tensor, ...told: Tensor[]) =>
      grad((q: never) => loss(q, z, time, y, told[0]))(p),
    );
    const g = await gradient(
      used as never,
      a.z,
      a.time,
      target,
      ...((a.context ? [a.context] : []) as never[]),
    );
    for (const { data } of leaves(g as Parameters)) {
      expect(data.every(Number.isFinite)).toBe(true);
      expect(data.some((v) => v !== 0)).toBe(true);
    }
  });

  it("is one graph for every size of the batch", async () => {
    const specs = [
      mapTree(used, leaf, ({ shape }) => new Spec(shape)),
      new Spec([BATCH, ...c.shape, c.inputs]),
      new Spec([BATCH]),
      ...(c.context > 0 ? [new Spec([BATCH, c.context])] : []),
    ];
    const traced = trace(
      ((p: never, z: Tensor, time: Tensor, told?: Tensor) => c.network.apply(p, z, time, told)) as never,
      specs as never,
    );
    const program = await Program.compile(traced);
    const [y] = await program.run([...leaves(used), a.z, a.time, ...(a.context ? [a.context] : [])]);
    expect(distance(y as NDArray<"f32">, await apply(used, a))).toBeLessThan(1e-4);
    await program.release();
  });

  it.runIf(c.shift)("commutes with translations of a periodic lattice", async () => {
    const shift = c.shift as number[];
    const moveBy = (x: NDArray<"f32">, by: readonly number[]): NDArray<"f32"> => {
      const per = sizeOf(x.shape) / (rows * sizeOf(c.shape));
      const [h, w] = (c.shape.length === 1 ? [1, ...c.shape] : c.shape) as [number, number];
      const [down, across] = (by.length === 1 ? [0, ...by] : by) as [number, number];
      const out = new Float32Array(x.data.length);
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < h; i++)
          for (let j = 0; j < w; j++)
            for (let k = 0; k < per; k++)
              out[((row * h + ((i + down) % h)) * w + ((j + across) % w)) * per + k] = x.data[
                ((row * h + i) * w + j) * per + k
              ] as number;
      return ndarray("f32", x.shape, out);
    };
    const y = await apply(used, a);
    const miss = async (by: readonly number[]) =>
      distance(await apply(used, { ...a, z: moveBy(a.z, by) }), moveBy(y, by));
    expect(await miss(shift)).toBeLessThan(1e-4);
    // By one site patches and levels do change.
    expect(await miss(shift.map(() => 1))).toBeGreaterThan(1e-3);
  });
});

describe("sizes", () => {
  it("takes the smallest patches that leave at most 16 along an axis, and fewer levels where sides do not halve", () => {
    const count = (shape: number[], options: Partial<UNetOptions> = {}) =>
      unet({ ...common, shape, ...options }).count;
    expect(count([32, 32])).toBe(count([32, 32], { patch: 2, channels: [64, 96, 128] }));
    expect(count([64, 64])).toBe(count([64, 64], { patch: 4, channels: [64, 96, 128] }));
    expect(count([28, 28])).toBe(count([28, 28], { patch: 2, channels: [64, 96] }));
    expect(count([31, 31])).toBe(count([31, 31], { patch: 1, channels: [64] }));
    expect(count([32, 32], { padding: "periodic" })).toBe(
      count([32, 32], { patch: 1, channels: [32, 64, 96] }),
    );
    expect(count([8, 8])).toBe(count([8, 8], { patch: 1, channels: [32, 64] }));
  });

  it("takes a U-Net for pictures and lattices of at least 64 sites, and dense layers for tables", () => {
    const taken = (shape: number[], options: FlowMatchingOptions = {}) => {
      const { network } = makeFlowMatching({ space: real(shape) }, options).hyperparameters;
      return network;
    };
    expect(taken([8, 8])).toBe("unet");
    expect(taken([8, 8, 3])).toBe("unet");
    expect(taken([7, 7])).toBe("mlp");
    expect(taken([100])).toBe("mlp");
    expect(taken([100], { padding: "periodic" })).toBe("unet");
    expect(taken([8, 8], { network: "transformer" })).toBe("transformer");
  });

  it("refuses what does not fit", () => {
    expect(() => unet({ ...common, shape: [28, 28], patch: 3 })).toThrow(
      "patches of 3 do not divide 28x28 sites",
    );
    expect(() => unet({ ...common, shape: [28, 28], channels: [32, 32, 32] })).toThrow(
      "2 levels at most, not 3",
    );
    expect(() => unet({ ...common, shape: [4, 4, 4, 4] })).toThrow("take network=mlp");
  });
});
