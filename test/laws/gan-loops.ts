import type { NDArray } from "../../src/array.ts";
import type { Parameters } from "../../src/models/contract.ts";
import type { GanParameters } from "../../src/models/index.ts";

type Layer = { readonly weight: NDArray<"f32">; readonly bias?: NDArray<"f32"> };

const at = (array: { readonly data: ArrayLike<number> }, i: number) => array.data[i] as number;
const relu = (v: number) => Math.max(0, v);

/** One row through dense layers, rectified but for the last. */
function layersOf(layers: readonly Layer[], input: readonly number[]): number[] {
  return layers.reduce((below: readonly number[], { weight, bias }, l) => {
    const outputs = weight.shape[1] as number;
    return Array.from({ length: outputs }, (_, j) => {
      const sum = below.reduce((s, v, i) => s + v * at(weight, i * outputs + j), bias ? at(bias, j) : 0);
      return l < layers.length - 1 ? relu(sum) : sum;
    });
  }, input) as number[];
}

/** What a dense generator of rectified units gives the sites of each row of codes. */
export function denseGiven(
  parameters: Parameters,
  codes: readonly (readonly number[])[],
  context?: NDArray<"f32">,
): number[][] {
  const { generator } = parameters as unknown as GanParameters;
  const { layers } = generator.network as unknown as { layers: readonly Layer[] };
  const width = context ? context.data.length / codes.length : 0;
  return codes.map((code, row) => {
    const given = Array.from({ length: width }, (_, k) => at(context as NDArray<"f32">, row * width + k));
    return layersOf(layers, [...code, ...given]).map((v, i) => v + at(generator.bias, i));
  });
}

/** Images `[channels][height][width]` in loops. */
type Image = number[][][];

/** A periodic convolution of an image. */
function periodic(image: Image, { weight, bias }: Layer): Image {
  const [outputs, inputs, kh, kw] = weight.shape as readonly [number, number, number, number];
  const [h, w] = [image[0]!.length, image[0]![0]!.length];
  const around = (n: number, size: number) => ((n % size) + size) % size;
  return Array.from({ length: outputs }, (_, o) =>
    Array.from({ length: h }, (_, y) =>
      Array.from({ length: w }, (_, x) => {
        let sum = bias ? at(bias, o) : 0;
        for (let i = 0; i < inputs; i++)
          for (let p = 0; p < kh; p++)
            for (let q = 0; q < kw; q++) {
              const v = image[i]![around(y + p - (kh - 1) / 2, h)]![around(x + q - (kw - 1) / 2, w)]!;
              sum += v * at(weight, ((o * inputs + i) * kh + p) * kw + q);
            }
        return sum;
      }),
    ),
  );
}

/** What each site of a periodic image is given by a convolutional generator with noise of its own in each place; sides double from level to level. */
export function convolutionalGiven(
  parameters: Parameters,
  codes: readonly (readonly number[])[],
  latent: number,
  levels: readonly (readonly [height: number, width: number])[],
): number[][] {
  const { generator } = parameters as unknown as GanParameters;
  const network = generator.network as unknown as {
    dense: { layers: readonly Layer[] };
    convolutions: readonly Layer[];
    noise: readonly NDArray<"f32">[];
  };
  return codes.map((code) => {
    const bottom = layersOf(network.dense.layers, code.slice(0, latent));
    const [h0, w0] = levels[0] as readonly [number, number];
    let image: Image = Array.from({ length: bottom.length / (h0 * w0) }, (_, c) =>
      Array.from({ length: h0 }, (_, y) => bottom.slice((c * h0 + y) * w0, (c * h0 + y + 1) * w0)),
    );
    let from = latent;
    for (const [i, [h, w]] of levels.entries()) {
      const ready = image.map((plane, c) =>
        plane.map((line, y) =>
          line.map((v, x) => relu(v + at(network.noise[i]!, c) * code[from + y * w + x]!)),
        ),
      );
      from += h * w;
      const [tall, wide] = levels[i + 1] ?? [h, w];
      const grown = ready.map((plane) =>
        Array.from({ length: tall }, (_, y) =>
          Array.from(
            { length: wide },
            (_, x) => plane[Math.floor((y * h) / tall)]![Math.floor((x * w) / wide)]!,
          ),
        ),
      );
      image = periodic(grown, network.convolutions[i]!);
    }
    return image[0]!.flat().map((v) => v + at(generator.bias, 0));
  });
}
