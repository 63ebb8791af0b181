import { describe, expect, it } from "vitest";
import { arrayFrom, sizeOf } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { difference, jointTest } from "../stats/index.ts";
import { kappaParameters, kappaSpectrum, mapArea, simulateKappa } from "../systems/index.ts";
import { knownSpectrum } from "./known-spectrum.ts";
import { spectrum } from "./spectrum.ts";

interface Given {
  readonly shape: readonly number[];
  readonly mask?: (pixel: number) => boolean;
}

describe("the exact spectrum of known maps", () => {
  it.each([
    { shape: [16, 16], method: "gaussian" },
    { shape: [12, 18], pixel: 0.8, noise: 40 },
    { shape: [12, 18], noise: 40, mask: (i: number) => i % 18 > 10 || i < 40 || i % 7 === 3 },
  ] as const)("is what is measured: %j", async ({ mask, ...given }: Given) => {
    const parameters = kappaParameters.parse(given);
    const footprint =
      mask && Uint8Array.from({ length: sizeOf(parameters.shape) }, (_, i) => (mask(i) ? 1 : 0));
    const { x, meta } = await simulateKappa({ parameters, footprint, samples: 600, seed: 7 });
    const dataset = makeDataset({ arrays: { x }, meta }, "sky.npz", { rows: "independent" });
    const measured = spectrum(dataset, { x: dataset.x })!;
    const exact = knownSpectrum(dataset)!;
    expect(measured.map(({ k }) => k)).toEqual(exact.map(({ k }) => k));
    const sigmas = measured.map((one, i) => difference(one, exact[i]!.value).sigmas);
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
  });

  it("of a range of cosmologies is the mean over it", async () => {
    const parameters = kappaParameters.parse({ shape: [8, 8] });
    const ranges = { omegaM: [0.2, 0.4], sigma8: [0.6, 1] } as const;
    const { x, meta } = await simulateKappa({ parameters, ranges, samples: 1, seed: 1 });
    // The middles of 10 × 10 cells.
    const cells = Array.from({ length: 100 }, (_, i) => ({
      omegaM: 0.2 + (0.2 * ((i % 10) + 0.5)) / 10,
      sigma8: 0.6 + (0.4 * (Math.floor(i / 10) + 0.5)) / 10,
    }));
    const powers = cells.map((cell) => kappaSpectrum(kappaParameters.parse({ shape: [8, 8], ...cell })));
    const shell = (modes: readonly number[]) =>
      (modes.reduce((sum, at) => sum + powers.reduce((of, power) => of + power[at]!, 0), 0) * 64) /
      (100 * modes.length * mapArea(parameters));
    const exact = knownSpectrum({ x, meta })!;
    // |k| rounds to 1 for four modes of one wave along a side, and four of one along both: modes 1 and 9 stand for them.
    expect(Math.abs(exact[0]!.value / shell([1, 9]) - 1)).toBeLessThan(2e-3);
  });

  it("is not known of other rows", () => {
    expect(knownSpectrum({ x: arrayFrom("f32", [1, 1], [0]) })).toBeUndefined();
  });
});
