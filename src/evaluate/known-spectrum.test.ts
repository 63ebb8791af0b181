import { describe, expect, it } from "vitest";
import { makeDataset } from "../data/dataset.ts";
import { difference, jointTest } from "../stats/index.ts";
import { kappaParameters, simulateKappa } from "../systems/index.ts";
import { knownSpectrum } from "./known-spectrum.ts";
import { spectrum } from "./spectrum.ts";

describe("the exact spectrum of known maps", () => {
  it.each([
    { shape: [16, 16], method: "gaussian" },
    { shape: [12, 18], pixel: 0.8, noise: 40 },
  ])("is what is measured: %j", async (given) => {
    const parameters = kappaParameters.parse(given);
    const { x, meta } = await simulateKappa({ parameters, samples: 600, seed: 7 });
    const dataset = makeDataset({ arrays: { x }, meta }, "sky.npz", { rows: "independent" });
    const measured = spectrum(dataset, { x: dataset.x })!;
    const exact = knownSpectrum(dataset.meta)!;
    expect(measured.map(({ k }) => k)).toEqual(exact.map(({ k }) => k));
    const sigmas = measured.map((one, i) => difference(one, exact[i]!.value).sigmas);
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
  });

  it("is not known of several cosmologies, behind a mask, and of other rows", async () => {
    const parameters = kappaParameters.parse({ shape: [8, 8] });
    const ranges = { sigma8: [0.7, 0.9] } as const;
    const several = await simulateKappa({ parameters, samples: 2, ranges });
    const footprint = Uint8Array.from({ length: 64 }, (_, i) => i % 2);
    const masked = await simulateKappa({ parameters, samples: 2, footprint });
    expect([several, masked].map(({ meta }) => knownSpectrum(meta))).toEqual([undefined, undefined]);
    expect(knownSpectrum(undefined)).toBeUndefined();
  });
});
