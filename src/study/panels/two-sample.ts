import type { NumberRow } from "../../report/index.ts";
import { testBars } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import { testSeries } from "../judge/judge-figures.ts";
import { pText } from "../judge/judge-table.ts";
import type { Panel } from "../study.ts";

/** Two-sample tests of samples against the rows that are scored, next to real rows against real rows. `ansatz judge` does more of them. */
export const twoSample: Panel<FitSubject> = {
  name: "two-sample tests",
  applies: () => true,
  async look(subject, at) {
    const judged = await subject.judged(at);
    if (typeof judged === "string") return { notes: [`two-sample tests are left out: ${judged}`] };
    const { judgement } = judged;
    const warnings = [...judged.notes];
    const { family } = subject.fitted.model;
    const [, own] = judgement.candidates;
    if (!own) return {};
    const { nearest, tests } = own;
    const found = (test: string, on: string) => tests.find((t) => t.test === test && t.on === on);
    const row = (name: string, test: string, reference?: number): NumberRow[] => {
      const result = found(test, "features");
      if (!result) return [];
      return [
        {
          name,
          estimate: result.value,
          reference:
            reference === undefined
              ? { ...result.real!, source: "real rows" }
              : { value: reference, source: "real rows" },
          note:
            result.log10P === undefined
              ? "of features"
              : `linear classifier on features, p ${result.log10P > -3 ? "= " : ""}${pText(result.log10P)}`,
        },
      ];
    };
    if (nearest?.verdict === "memorised") warnings.push(`${family} draws near copies of its training rows`);
    return {
      numbers: [
        ...row("AUC, samples against data", "linear classifier", 0.5),
        ...row("Fréchet distance, samples to data", "Fréchet distance"),
        ...(nearest
          ? [
              {
                name: "near copies of training rows",
                estimate: nearest.standOut,
                note: `${nearest.verdict}; 0.02 of real rows`,
              },
            ]
          : []),
      ],
      figures: [
        {
          name: "two-sample-tests",
          svg: testBars(testSeries(judgement, subject.dataset.columns)),
          caption: `Two-sample tests of ${judgement.candidates[1]!.rows} samples against ${judgement.rows} rows, and of real rows against real rows, in units of the spread of real rows. The band is ±2.`,
        },
      ],
      warnings,
      document: { twoSample: { ...judgement } },
    };
  },
};
