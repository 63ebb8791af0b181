import type { NumberRow } from "../../report/index.ts";
import { testBars } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import { testSeries } from "../judge/judge-figures.ts";
import { canJudge, judgeSamples } from "../judge/judge-samples.ts";
import { pText } from "../judge/judge-table.ts";
import type { Panel } from "../study.ts";

/** Samples that a model must have drawn; some draw a few for a figure only. */
const leastSamples = 200;

/** Two-sample tests of samples against the rows that are scored, next to real rows against real rows. `ansatz judge` does more of them. */
export const twoSample: Panel<FitSubject> = {
  name: "two-sample tests",
  applies: ({ scored, dataset }) => canJudge(dataset, scored),
  async look(subject, at) {
    const { fitted, dataset, scored, rows } = subject;
    const drawn = await subject.drawn(at);
    if ((drawn.x.shape[0] as number) < leastSamples) return {};
    const warnings: string[] = [];
    const note = (line: string) => warnings.push(line);
    const { family } = fitted.model;
    const judgement = await judgeSamples({
      ...{ dataset, rows, scored, seed: subject.seed, note, ...at },
      drawn: [{ name: family, ...drawn }],
    });
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
          ...(result.log10P !== undefined && {
            note: `p ${result.log10P > -3 ? "= " : ""}${pText(result.log10P)}`,
          }),
        },
      ];
    };
    if (nearest?.verdict === "memorised") note(`${family} draws near copies of training rows`);
    return {
      numbers: [
        ...row("samples told from data (AUC of a linear classifier on features)", "linear classifier", 0.5),
        ...row("Fréchet distance of features, samples to data", "Fréchet distance"),
        ...(nearest
          ? [
              {
                name: "samples much nearer to one training row than to others",
                estimate: nearest.standOut,
                note: `${nearest.verdict}; of real rows 0.02`,
              },
            ]
          : []),
      ],
      figures: [
        {
          name: "two-sample-tests",
          svg: testBars(testSeries(judgement)),
          caption: `Two-sample tests of ${judgement.candidates[1]!.rows} samples against ${judgement.rows} rows, and of real rows against real rows, in units of the spread of real rows. The band is ±2.`,
        },
      ],
      warnings,
      document: { twoSample: { ...judgement } },
    };
  },
};
