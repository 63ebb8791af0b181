import { describe, expect, it } from "vitest";
import { Key } from "../../random/key.ts";
import { fourierTransform2 } from "../../stats/fft.ts";
import { difference, independentMean, jointTest, kolmogorovTest } from "../../stats/index.ts";
import { growth } from "./cosmology.ts";
import { convergenceSpectrum } from "./limber.ts";
import { linearPower } from "./linear-power.ts";
import { kappaField } from "./maps.ts";
import { type KappaParameters, kappaParameters } from "./parameters.ts";
import { simulateKappa } from "./simulate.ts";
import { fieldSpectrum, fineGrid, lognormalShift } from "./spectrum.ts";

const cosmology = { omegaM: 0.3, omegaB: 0.046, h: 0.7, ns: 0.96, sigma8: 0.8 };

/** ℓ(ℓ+1)C_ℓ/2π of CAMB at ℓ = 1000 and 5000 for sources at z = 1. */
const camb = [
  {
    cosmology: { omegaM: 0.26, omegaB: 0.042, h: 0.72, ns: 0.96, sigma8: 0.798 },
    linear: [1.093e-5, 5.496e-6],
    halofit: [5.077e-5, 1.208e-4],
  },
  { cosmology, linear: [1.416e-5, 7.303e-6], halofit: [6.325e-5, 1.501e-4] },
  {
    cosmology: { omegaM: 0.3089, omegaB: 0.0486, h: 0.6774, ns: 0.9667, sigma8: 0.8159 },
    linear: [1.533e-5, 7.958e-6],
    halofit: [6.961e-5, 1.632e-4],
  },
];

describe("theory", () => {
  it.each(camb)("is within 4 % of CAMB: %j", (values) => {
    for (const growing of ["linear", "halofit"] as const) {
      const spectrum = convergenceSpectrum(values.cosmology, 1, growing);
      [1000, 5000].forEach((ell, i) => {
        const ratio = (ell * (ell + 1) * spectrum(ell)) / (2 * Math.PI) / values[growing][i]!;
        expect(Math.abs(ratio - 1)).toBeLessThan(0.04);
      });
    }
  });

  it("grows as the scale factor in a universe of matter alone, and less with a cosmological constant", () => {
    expect(growth({ ...cosmology, omegaM: 1 }, 3)).toBeCloseTo(1 / 4, 12);
    expect(growth(cosmology, 0)).toBe(1);
    // From the integral of growth, D ∝ H ∫ da/(aH)³ (Carroll, Press & Turner, equation 28), by plain sums.
    const integral = (a: number) => {
      const hubble = (at: number) => Math.sqrt(0.3 / at ** 3 + 0.7);
      let total = 0;
      for (let i = 0; i < 1e5; i++) {
        const at = (a * (i + 0.5)) / 1e5;
        total += a / 1e5 / (at * hubble(at)) ** 3;
      }
      return hubble(a) * total;
    };
    expect(growth(cosmology, 1) / (integral(0.5) / integral(1))).toBeCloseTo(1, 2);
  });

  it("has the spread in spheres of 8 Mpc/h that it is given", () => {
    const power = linearPower(cosmology);
    let total = 0;
    for (let k = 0.0005; k < 40; k += 0.001) {
      const x = 8 * k;
      const window = (3 * (Math.sin(x) - x * Math.cos(x))) / x ** 3;
      total += (0.001 * k * k * power(k) * window ** 2) / (2 * Math.PI ** 2);
    }
    expect(Math.sqrt(total)).toBeCloseTo(0.8, 3);
  });
});

/** A |X|²/N² of each mode of a map. */
function powerOf(map: ArrayLike<number>, { shape, pixel }: KappaParameters): Float64Array {
  const [re, im] = [Float64Array.from(map), new Float64Array(map.length)];
  fourierTransform2(shape as [number, number])(re, im);
  const area = map.length * (pixel * (Math.PI / 10_800)) ** 2;
  return re.map((v, i) => ((v * v + im[i]! * im[i]!) * area) / map.length ** 2);
}

/** Modes of which no other is the complex conjugate, and that are not real. */
function halfPlane([rows = 1, columns = 1]: readonly number[]): number[] {
  const conjugate = (i: number) =>
    ((rows - Math.floor(i / columns)) % rows) * columns + ((columns - (i % columns)) % columns);
  return Array.from({ length: rows * columns }, (_, i) => i).filter((i) => i < conjugate(i));
}

const options = [
  { shape: [12, 10] },
  { shape: [8, 8], pixel: 0.8 },
  { shape: [9, 15], pixel: 2.5, noise: 5, smooth: 1.5 },
] as const;

describe("the spectrum of maps", () => {
  it.each(options)("Gaussian: powers over the exact ones are exponential: %j", (given) => {
    const parameters = kappaParameters.parse({ ...given, method: "gaussian" });
    const { draw, spectrum } = kappaField(parameters);
    const ratios: number[] = [];
    for (let n = 0; n < 200; n++) {
      const power = powerOf(draw(Key.fromSeed(11).fold(n)), parameters);
      for (const i of halfPlane(parameters.shape)) ratios.push(power[i]! / spectrum[i]!);
    }
    expect(kolmogorovTest(ratios, (x) => 1 - Math.exp(-x)).pValue).toBeGreaterThan(1e-3);
    expect(Math.abs(difference(independentMean(ratios), 1).sigmas)).toBeLessThan(3.3); // p = 0.001, two-sided
  });

  it.each(options)("lognormal: mean powers are the exact ones: %j", (given) => {
    const parameters = kappaParameters.parse({ ...given, method: "lognormal" });
    const { draw, spectrum } = kappaField(parameters);
    const modes = halfPlane(parameters.shape);
    const powers = modes.map(() => new Float64Array(1500));
    for (let n = 0; n < 1500; n++) {
      const power = powerOf(draw(Key.fromSeed(12).fold(n)), parameters);
      modes.forEach((mode, k) => {
        powers[k]![n] = power[mode]!;
      });
    }
    const sigmas = modes.map((mode, k) => difference(independentMean(powers[k]!), spectrum[mode]!).sigmas);
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
  });

  it("a lognormal field has the spectrum of theory, as a Gaussian one has", () => {
    const parameters = kappaParameters.parse({ shape: [32, 32] });
    const [own, theory] = [
      fieldSpectrum(parameters).field,
      fieldSpectrum({ ...parameters, method: "gaussian" }).field,
    ];
    for (let i = 1; i < own.length; i++) expect(own[i]! / theory[i]!).toBeCloseTo(1, 3);
  });

  it("takes sides that are no powers of 2, such as 360", () => {
    const parameters = kappaParameters.parse({ shape: [360, 360], pixel: 0.6, method: "gaussian" });
    const { draw, spectrum } = kappaField(parameters);
    const power = powerOf(draw(Key.fromSeed(1)), parameters);
    const ratios = halfPlane(parameters.shape).map((i) => power[i]! / spectrum[i]!);
    expect(kolmogorovTest(ratios, (x) => 1 - Math.exp(-x)).pValue).toBeGreaterThan(1e-3);
  });
});

describe("lognormal maps", () => {
  const parameters = kappaParameters.parse({ shape: [10, 10], pixel: 0.8 });
  const { draw, spectrum } = kappaField(parameters);

  it("have the third moment of a lognormal field whose mean is subtracted", () => {
    const shift = lognormalShift(1);
    const { gaussian } = fieldSpectrum(parameters);
    const { area } = fineGrid(parameters);
    const n = gaussian.length;
    const [xi, nothing] = [gaussian.map((power) => power / area), new Float64Array(n)];
    fourierTransform2([10, 10])(xi, nothing);
    const between = (a: number, b: number) =>
      xi[((Math.floor(a / 10) - Math.floor(b / 10) + 10) % 10) * 10 + ((a - b + 100) % 10)]!;
    /** ⟨κ_a κ_b κ_c⟩ of κ = λ(X − 1) with ⟨X_a X_b⟩ = e^ξ. */
    const triple = (a: number, b: number, c: number) => {
      const [ab, ac, bc] = [between(a, b), between(a, c), between(b, c)];
      return shift ** 3 * (Math.exp(ab + ac + bc) - Math.exp(ab) - Math.exp(ac) - Math.exp(bc) + 2);
    };
    let [withMean, ofMeans] = [0, 0];
    for (let a = 0; a < n; a++) {
      withMean += triple(0, 0, a) / n;
      for (let b = 0; b < n; b++) ofMeans += triple(0, a, b) / n ** 2;
    }
    const exact = triple(0, 0, 0) - 3 * withMean + 2 * ofMeans;
    const cubes = Float64Array.from({ length: 4000 }, (_, i) => {
      const map = draw(Key.fromSeed(5).fold(i));
      return map.reduce((sum, v) => sum + v ** 3, 0) / n;
    });
    // p = 0.001, two-sided; the sum is over so many maps that its mean is nearly normal.
    expect(Math.abs(difference(independentMean(cubes), exact).sigmas)).toBeLessThan(3.3);
    const variance = spectrum.reduce((sum, power) => sum + power, 0) / area;
    expect(exact / variance ** 1.5).toBeGreaterThan(1.5);
  });

  it("are nowhere emptier than an empty line of sight", async () => {
    const { x } = await simulateKappa({ parameters, samples: 50, seed: 2 });
    // The mean of a map is subtracted, which is at most a few σ of means.
    for (const value of x.data) expect(value).toBeGreaterThan(-lognormalShift(1) - 0.03);
  });
});

describe("simulateKappa", () => {
  const parameters = kappaParameters.parse({ shape: [8, 6] });

  it("gives each map its own parent, by its number and the seed alone", async () => {
    const few = await simulateKappa({ parameters, samples: 3, seed: 4 });
    const more = await simulateKappa({ parameters, samples: 5, seed: 4 });
    const other = await simulateKappa({ parameters, samples: 3, seed: 5 });
    expect(Array.from(more.parent.data)).toEqual([0, 1, 2, 3, 4]);
    expect(more.x.data.slice(0, few.x.data.length)).toEqual(few.x.data);
    expect(other.x.data[0]).not.toBe(few.x.data[0]);
  });

  it("says what the mean square of a pixel is, over all cosmologies of a range", async () => {
    const { context, variance, x } = await simulateKappa({
      ...{ parameters, samples: 300, seed: 1 },
      ranges: { sigma8: [0.5, 1.1], omegaM: [0.2, 0.4] },
    });
    expect(Math.abs(difference(variance.estimate, variance.exact!).sigmas)).toBeLessThan(3.3);
    const [matter, sigma8] = [0, 1].map((k) => context!.data.filter((_, i) => i % 2 === k));
    expect(kolmogorovTest(matter!, (v) => (v - 0.2) / 0.2).pValue).toBeGreaterThan(1e-3);
    expect(kolmogorovTest(sigma8!, (v) => (v - 0.5) / 0.6).pValue).toBeGreaterThan(1e-3);
    // Maps of a larger σ₈ are rougher.
    const squares = Array.from({ length: 300 }, (_, n) =>
      x.data.subarray(48 * n, 48 * n + 48).reduce((sum, v) => sum + v * v, 0),
    );
    const rough = squares.filter((_, n) => sigma8![n]! > 0.8);
    const smooth = squares.filter((_, n) => sigma8![n]! <= 0.8);
    const [a, b] = [independentMean(rough), independentMean(smooth)];
    expect((a.value - b.value) / Math.hypot(a.error, b.error)).toBeGreaterThan(5);
  });

  it("leaves what a mask hides at 0, and subtracts the mean of the rest", async () => {
    const footprint = Uint8Array.from({ length: 48 }, (_, i) => (i % 5 === 0 ? 0 : 1));
    const { x, variance } = await simulateKappa({ parameters, samples: 4, footprint });
    for (let n = 0; n < 4; n++) {
      const map = x.data.subarray(48 * n, 48 * n + 48);
      expect(map.every((value, i) => (value === 0) === (footprint[i] === 0))).toBe(true);
      expect(map.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    }
    expect(variance.exact).toBeUndefined();
    await expect(simulateKappa({ parameters, samples: 1, footprint: new Uint8Array(48) })).rejects.toThrow(
      "the mask hides every pixel",
    );
  });
});
