import { expect, test } from "vitest";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { fft, fourierTransform, fourierTransform2, inverseTransform } from "./fft.ts";

/** The transform by its definition. */
function slow(re: Float64Array, im: Float64Array): [Float64Array, Float64Array] {
  const n = re.length;
  const out: [Float64Array, Float64Array] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++)
    for (let j = 0; j < n; j++) {
      const [c, s] = [Math.cos((2 * Math.PI * j * k) / n), -Math.sin((2 * Math.PI * j * k) / n)];
      out[0][k] = out[0][k]! + re[j]! * c - im[j]! * s;
      out[1][k] = out[1][k]! + re[j]! * s + im[j]! * c;
    }
  return out;
}

const largest = (a: Float64Array, b: Float64Array) => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));

test.each([1, 2, 3, 5, 8, 12, 31, 64, 90])(
  "a sequence of %i numbers is transformed as defined, and back",
  (n) => {
    const key = Key.fromSeed(n);
    const [x, y] = [normal(key.fold(0), n, "f64"), normal(key.fold(1), n, "f64")];
    const [re, im] = [x.slice(), y.slice()];
    fft(re, im);
    const [a, b] = slow(x, y);
    expect(largest(re, a)).toBeLessThan(1e-11);
    expect(largest(im, b)).toBeLessThan(1e-11);
    inverseTransform(fourierTransform(n), n)(re, im);
    expect(largest(re, x)).toBeLessThan(1e-12);
    expect(largest(im, y)).toBeLessThan(1e-12);
  },
);

test("a plane wave on a rectangle is one mode, and the sizes need be no powers of 2", () => {
  const [rows, columns, k, l] = [6, 10, 2, 7];
  const at = (of: (angle: number) => number) =>
    Float64Array.from({ length: rows * columns }, (_, i) =>
      of(2 * Math.PI * ((Math.floor(i / columns) * k) / rows + ((i % columns) * l) / columns)),
    );
  const [re, im] = [at(Math.cos), at(Math.sin)];
  const forward = fourierTransform2([rows, columns]);
  forward(re, im);
  const expected = new Float64Array(rows * columns);
  expected[k * columns + l] = rows * columns;
  expect(largest(re, expected)).toBeLessThan(1e-11);
  expect(largest(im, new Float64Array(rows * columns))).toBeLessThan(1e-11);
  inverseTransform(forward, rows * columns)(re, im);
  expect(largest(re, at(Math.cos))).toBeLessThan(1e-13);
});

test("360 numbers keep the energy (Parseval)", () => {
  const x = normal(Key.fromSeed(4), 360, "f64");
  const [re, im] = [x.slice(), new Float64Array(360)];
  fft(re, im);
  const power = re.reduce((sum, v, i) => sum + v * v + im[i]! ** 2, 0) / 360;
  expect(power).toBeCloseTo(
    x.reduce((sum, v) => sum + v * v, 0),
    9,
  );
});
