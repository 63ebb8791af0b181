import { describe } from "../../data/space.ts";
import type { Study } from "../study.ts";
import { judgeFigures } from "./judge-figures.ts";
import { judgeTable, verdictLines } from "./judge-table.ts";
import type { JudgedRows } from "./judged-rows.ts";

/** A judgement as a study: the table of tests, verdicts and figures. */
export function studyJudge(judged: JudgedRows): Study {
  const { judgement, space, columns, facts = {} } = judged;
  const { reference, rows, distanceRows, notes, candidates } = judgement;
  const names = candidates.slice(1).map(({ name }) => name);
  return {
    title: `${names.join(", ")} against ${reference}`,
    summary: `${verdictLines(judgement, columns).join(". ")}.`,
    numbers: [],
    table: judgeTable(judgement, columns),
    numbersNote:
      `± is one standard error. Tests with a p-value use up to ${rows} rows of each set; distances compare ${distanceRows} rows of each, ` +
      "and depend on that number. The column “real” compares real rows with other real rows: no model can do better. p-values of " +
      "single tests are not corrected for the number of tests; the last line is. Fréchet distances are of these features: they do not compare with a published FID.",
    figures: judgeFigures(judged),
    facts: {
      ...facts,
      Rows: { space: describe(space), ...facts.Rows, ...(notes.length > 0 && { notes: notes.join("; ") }) },
    },
    warnings: notes,
    document: { ...judgement },
  };
}
