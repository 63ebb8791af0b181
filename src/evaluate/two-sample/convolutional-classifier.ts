import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { stopIfAborted } from "../../error.ts";
import { adamw } from "../../optim/adamw.ts";
import { flatParameters } from "../../optim/flat.ts";
import type { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";
import { jit } from "../../runtime/jit.ts";
import { type Tensor, valueAndGrad } from "../../tensor/index.ts";
import {
  initialWeights,
  logit,
  lossOf,
  type SymbolicWeights,
  type Weights,
} from "./convolutional-network.ts";
import { askedRoc, heldOutHalves } from "./linear-classifier.ts";
import type { Roc } from "./roc.ts";
import type { TestGroups } from "./test-groups.ts";

const batch = 25;
const epochs = 8;
const rate = 5e-3;
/** Of wilder values the size does not count. */
const cut = 10;

/** Maps of rows, `[rows, channels, height, width]`, in units of the reference. */
export interface Pictures {
  readonly values: Float32Array;
  readonly shape: readonly [number, number, number, number];
}

/** See {@link convolutionalClassifierTest}. */
export interface ConvolutionalOptions {
  /** The random key of the first weights and of the order of rows. */
  readonly key: Key;
  /** Threads of the engine (default: its own choice). */
  readonly threads?: number | undefined;
  /** Is called with the epochs done, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Rows as pictures: their maps, one array a channel, cut at ±10. */
export function picturesOf(
  channels: readonly (readonly Float64Array[])[],
  [height, width]: readonly [number, number],
): Pictures {
  const rows = channels[0]?.length ?? 0;
  const size = height * width;
  const values = new Float32Array(rows * channels.length * size);
  channels.forEach((maps, c) => {
    maps.forEach((map, row) => {
      const at = (row * channels.length + c) * size;
      for (let i = 0; i < size; i++) values[at + i] = Math.max(-cut, Math.min(cut, map[i]!));
    });
  });
  return { values, shape: [rows, channels.length, height, width] };
}

/**
 * Runs the classifier two-sample test with a small convolutional network: three layers of 3 × 3 windows and
 * one linear layer, trained on half of the groups for 8 epochs; the result is the area under its curve on the
 * other half. It sees what no mean over features shows, such as the shape of faces.
 *
 * Source: Lopez-Paz & Oquab, ICLR 2017 (arXiv:1610.06545).
 */
export async function convolutionalClassifierTest(
  x: Pictures,
  y: Pictures,
  groups: TestGroups,
  { key, threads, onProgress, signal }: ConvolutionalOptions,
): Promise<Roc> {
  const { learn, ask } = heldOutHalves(groups);
  const rows = [
    ...learn.x.flatMap((own) => [...own].map((row) => ({ row, from: x, label: 0 }))),
    ...learn.y.flatMap((own) => [...own].map((row) => ({ row, from: y, label: 1 }))),
  ];
  const [, channels, height, width] = x.shape;
  const weights = initialWeights(key.fold(0), [channels, height, width]);
  const engine = threads === undefined ? {} : { threads };
  const step = jit(
    (p: SymbolicWeights, pictures: Tensor, labels: Tensor) => valueAndGrad(lossOf)(p, pictures, labels),
    engine,
  );
  const ordered = Object.keys(weights);
  const flat = flatParameters({
    size: ordered.reduce((sum, name) => sum + sizeOf(weights[name]!.shape), 0),
    stateVectors: adamw().stateVectors,
  });
  const views = sliced(flat.params, weights, ordered);
  for (const name of ordered) views[name]!.data.set(weights[name]!.data);
  const optimiser = adamw({ weightDecay: 0.01 });
  const size = Math.min(batch, rows.length);
  const steps = epochs * Math.floor(rows.length / size);
  let t = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = permutation(key.fold(epoch + 1), rows.length);
    for (let at = 0; at + size <= rows.length; at += size) {
      stopIfAborted(signal, "the test was interrupted");
      const chosen = Array.from(order.subarray(at, at + size), (i) => rows[i]!);
      const { gradient } = await step(
        copied(views),
        taken(chosen, x.shape),
        ndarray(
          "f32",
          [size],
          Float32Array.from(chosen, ({ label }) => label),
        ),
      );
      let place = 0;
      for (const name of ordered) {
        const g = gradient[name]!.data as Float32Array;
        flat.grads.set(g, place);
        place += g.length;
      }
      t++;
      optimiser.step(flat, { t, lr: (rate / 2) * (1 + Math.cos((Math.PI * t) / (steps + 1))) });
    }
    onProgress?.(epoch + 1, epochs);
  }
  await step.release();
  const logitOf = jit((p: SymbolicWeights, pictures: Tensor) => logit(p, pictures), {
    ...engine,
    batch: [1],
  });
  const scored = async (from: Pictures) => {
    const out = new Float64Array(from.shape[0]);
    for (let at = 0; at < out.length; at += 4 * batch) {
      const some = Array.from({ length: Math.min(4 * batch, out.length - at) }, (_, i) => ({
        row: at + i,
        from,
      }));
      out.set((await logitOf(copied(views), taken(some, from.shape))).data as Float32Array, at);
    }
    return out;
  };
  const result = askedRoc(await scored(x), await scored(y), ask);
  await logitOf.release();
  return result;
}

/** The named parts of a flat vector, sharing its memory. */
function sliced(flat: Float32Array, like: Weights, names: readonly string[]): Weights {
  let at = 0;
  return Object.fromEntries(
    names.map((name) => {
      const { shape } = like[name]!;
      const part = flat.subarray(at, at + sizeOf(shape));
      at += part.length;
      return [name, ndarray("f32", shape, part)];
    }),
  );
}

const copied = (weights: Weights): Weights =>
  Object.fromEntries(
    Object.entries(weights).map(([name, w]) => [name, ndarray("f32", w.shape, w.data.slice())]),
  );

function taken(
  chosen: readonly { readonly row: number; readonly from: Pictures }[],
  [, channels, height, width]: Pictures["shape"],
): NDArray<"f32"> {
  const size = channels * height * width;
  const out = new Float32Array(chosen.length * size);
  chosen.forEach(({ row, from }, i) => {
    out.set(from.values.subarray(row * size, (row + 1) * size), i * size);
  });
  return ndarray("f32", [chosen.length, channels, height, width], out);
}
