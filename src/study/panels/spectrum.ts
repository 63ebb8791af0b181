import { knownSpectrum, spectrum as measure, siteLattice } from "../../evaluate/index.ts";
import { correlation as draw } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";

/** The power spectrum of data and model, of fields and pictures. */
export const spectrum: Panel<FitSubject> = {
  name: "spectrum",
  applies: ({ dataset }) => siteLattice(dataset) !== undefined,
  async look(subject, at) {
    const { dataset, all } = subject;
    // Other spaces are seen without drawing a sample.
    const data = measure(dataset, all)?.map(({ k, ...one }) => ({ r: k, ...one }));
    if (!data) return {};
    const { x, chain } = await subject.drawn(at);
    const model = measure(dataset, { x, ...(chain && { chain }) })?.map(({ k, ...one }) => ({
      r: k,
      ...one,
    }));
    const exact = knownSpectrum(dataset)?.map(({ k, value }) => ({ r: k, value, error: 0 }));
    const distance = "wave number |k| (2π / longest side)";
    return {
      figures: [
        {
          name: "spectrum",
          caption:
            "Power spectrum P(k) = |Σ φ exp(−ikx)|² / N, averaged over directions, with one standard error." +
            (exact
              ? " Dashed: exactly, of the theory that the data were drawn from; of a range of cosmologies the mean over it."
              : ""),
          svg: draw({ label: "P(k)", distance, data, model, exact, log: true }),
        },
      ],
    };
  },
};
