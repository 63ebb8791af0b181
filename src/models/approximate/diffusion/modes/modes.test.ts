import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../../array.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { Program } from "../../../../runtime/program.ts";
import { Spec, trace } from "../../../../runtime/trace.ts";
import { matmul, type Tensor, transpose } from "../../../../tensor/index.ts";
import { leaves, mapTree } from "../../../../tensor/tree.ts";
import { isArray } from "../../../arrays.ts";
import { componentModes } from "./components.ts";
import { cosineModes } from "./cosine.ts";
import { eigenvectors } from "./eigenvectors.ts";
import { siteModes } from "./fixed.ts";
import type { Modes } from "./modes.ts";
import { spectrumModes } from "./spectrum.ts";

async function values(f: (...given: never[]) => unknown, specs: unknown[], inputs: NDArray<never>[]) {
  const program = await Program.compile(trace(f as never, specs as never));
  const results = await program.run(inputs);
  await program.release();
  return results.map(({ data }) => Float64Array.from(data as Float64Array));
}

describe("eigenvectors", () => {
  test.each([1, 2, 3, 6, 9, 16])(
    "of a symmetric matrix of %i rows diagonalise it and are orthogonal",
    async (n) => {
      const x = arrayFrom("f64", [n, n], normal(Key.fromSeed(n), n * n, "f64"));
      const f = (given: Tensor) => {
        const matrix = matmul(transpose(given), given);
        const v = eigenvectors(matrix);
        return [matmul(transpose(v), v), matmul(matmul(transpose(v), matrix), v)];
      };
      const [unit, diagonal] = await values(f as never, [new Spec([n, n], "f64")], [x as never]);
      for (let i = 0; i < n * n; i++) {
        const isDiagonal = i % (n + 1) === 0;
        expect(unit?.[i]).toBeCloseTo(Number(isDiagonal), 10);
        if (!isDiagonal) expect(Math.abs(diagonal?.[i] as number)).toBeLessThan(1e-9);
      }
    },
  );
});

const rows = 3000;

/** Amplitudes of given variances, on the modes' own axes, back as rows. */
describe.each<[name: string, modes: Modes, sites: number]>([
  ["sites", siteModes(5), 5],
  ["cosines of a row", cosineModes([6]), 6],
  ["cosines of a picture", cosineModes([3, 4]), 12],
  ["cosines of a picture with channels", cosineModes([4, 2, 3]), 24],
  ["the spectrum of a lattice", spectrumModes([4, 6]), 24],
  ["the spectrum of a ring", spectrumModes([5]), 5],
  ["principal components", componentModes(5), 5],
])("%s", (_, modes, sites) => {
  test("are an orthogonal change of axes, and their variances those of the rows", async () => {
    const mixed = arrayFrom("f64", [rows, sites], normal(Key.fromSeed(3), rows * sites, "f64"));
    for (let i = 0; i < mixed.data.length; i++)
      if (i % sites > 0) (mixed.data[i] as number) += 0.7 * (mixed.data[i - 1] as number);
    const f = (p: never, x: Tensor) => {
      const adapted = modes.adapt(p, x);
      const amplitudes = modes.to(adapted, x);
      return [amplitudes, modes.from(adapted, amplitudes), adapted.logVariance];
    };
    const init = modes.init();
    const double = leaves(init, isArray).map((a) =>
      arrayFrom("f64", a.shape, Float64Array.from(a.data as Float32Array)),
    );
    const spec = mapTree(init, isArray, ({ shape }) => new Spec(shape, "f64"));
    const [amplitudes, back, logVariance] = await values(
      f as never,
      [spec, new Spec([rows, sites], "f64")],
      [...(double as never[]), mixed as never],
    );
    const total = (v?: Float64Array) => v?.reduce((sum, a) => sum + a * a, 0) as number;
    expect(total(amplitudes)).toBeCloseTo(total(mixed.data), 4);
    back?.forEach((v, i) => {
      if (i < 200) expect(v).toBeCloseTo(mixed.data[i] as number, 8);
    });
    const variances = logVariance?.map(Math.exp) as Float64Array;
    expect(variances.reduce((sum, v) => sum + v, 0)).toBeCloseTo(total(mixed.data) / rows, 6);
    expect(Math.max(...variances) / Math.min(...variances)).toBeGreaterThan(1.2);
  });
});
