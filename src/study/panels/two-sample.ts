import type { Judgement } from "../../evaluate/index.ts";
import type { NumberRow } from "../../report/index.ts";
import { testBars } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import { testSeries } from "../judge/judge-figures.ts";
import { pText } from "../judge/judge-table.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Panel, PanelResult } from "../study.ts";

/** Two-sample tests of samples against the rows that are scored, next to real rows against real rows. `ansatz judge` does more of them. */
export const twoSample: Panel<FitSubject> = {
  name: "two-sample tests",
  applies: () => true,
  async look(subject, at) {
    const judged = await subject.judged(at);
    if (typeof judged === "string") return { notes: [`two-sample tests are left out: ${judged}`] };
    const { judgement, notes } = judged;
    if (!judgement) return { warnings: notes };
    const { columns } = subject.dataset;
    const shown = shownTests(judgement, "data", "rows", columns);
    const nearest = judgement.candidates[1]?.nearest;
    if (!nearest) return { ...shown, warnings: notes };
    const isMemorised = nearest.verdict === "memorised";
    return {
      ...shown,
      numbers: [
        ...(shown.numbers ?? []),
        {
          name: "near copies of training rows",
          estimate: nearest.standOut,
          note: `${nearest.verdict}; 0.02 of real rows`,
        },
      ],
      warnings: isMemorised
        ? [...notes, `${subject.fitted.model.family} draws near copies of training rows`]
        : notes,
    };
  },
};

/** The same of a solved model, as it samples without weights, against rows of the system's own simulation. */
export const solvedTwoSample: Panel<SolveSubject> = {
  name: "two-sample tests",
  applies: () => true,
  async look(subject, at) {
    const judged = await subject.judged(at);
    if (!judged?.judgement) return { warnings: judged?.notes };
    const { judgement, notes } = judged;
    const rows = "rows of the system's own simulation";
    return { ...shownTests(judgement, "simulation", rows), warnings: notes };
  },
};

/**
 * The numbers and the figure of tests of one set of samples; `real` names the reference in a word and `rows`
 * in several.
 */
function shownTests(
  judgement: Judgement,
  real: string,
  rows: string,
  columns?: readonly string[],
): PanelResult {
  const [, own] = judgement.candidates;
  if (!own) return {};
  const row = (name: string, test: string, reference?: number): NumberRow[] => {
    const result = own.tests.find((t) => t.test === test && t.on === "features");
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
  return {
    numbers: [
      ...row(`AUC, samples against ${real}`, "linear classifier", 0.5),
      ...row(`Fréchet distance, samples to ${real}`, "Fréchet distance"),
    ],
    figures: [
      {
        name: "two-sample-tests",
        svg: testBars(testSeries(judgement, columns)),
        caption: `Two-sample tests of ${own.rows} samples against ${judgement.rows} ${rows}, and of real rows against real rows, in units of the spread of real rows. The band is ±2.`,
      },
    ],
    document: { twoSample: { ...judgement } },
  };
}
