import type { FitSubject } from "../fit-subject.ts";
import { scoreRows, scoreWarnings } from "../score-rows.ts";
import type { Panel } from "../study.ts";

/** The honest number of the model's kind: its NLL, a bound of it, its NLL from both sides, or how far its samples are. */
export const likelihood: Panel<FitSubject> = {
  name: "likelihood",
  applies: () => true,
  async look(subject, at) {
    const score = await subject.score(at);
    const { rows: _, ...means } = { rows: undefined, ...score };
    return { numbers: scoreRows(score), warnings: scoreWarnings(score), document: { score: means } };
  },
};
