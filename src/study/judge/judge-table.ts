import type { CandidateJudgement, Judgement, TestResult } from "../../evaluate/index.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { estimateText } from "../../report/index.ts";
import { testedName, testName } from "./test-name.ts";

/** A p-value as people read it, from its log₁₀: `0.03`, `10⁻²⁴`. */
export function pText(log10P: number): string {
  if (log10P > -3) return String(Number((10 ** log10P).toPrecision(2)));
  const power = String(Math.floor(-log10P));
  return `< 10⁻${[...power].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}`;
}

/** The table of a judgement: a row a test, a column for real rows and each candidate. `columns` are the headings of the data. */
export function judgeTable({ candidates }: Judgement, columns?: readonly string[]): string[][] {
  const [first] = candidates;
  const tests = first?.tests ?? [];
  const keyOf = (result: TestResult) => testName(result, columns);
  const names = [...new Set(candidates.flatMap((c) => c.tests.map(keyOf)))];
  const ordered = [...tests.map(keyOf), ...names.filter((name) => !tests.some((t) => keyOf(t) === name))];
  const cell = ({ tests }: CandidateJudgement, name: string) => {
    const found = tests.find((t) => keyOf(t) === name);
    return found ? cellText(found) : "";
  };
  return [
    ["test", ...candidates.map(({ name }) => name)],
    ...ordered.map((name) => [name, ...candidates.map((c) => cell(c, name))]),
    [
      "rows that stand out",
      ...candidates.map(({ nearest }) => (nearest ? estimateText(nearest.standOut) : "")),
    ],
    [
      "farther than real rows",
      ...candidates.map(({ nearest }) => (nearest ? estimateText(nearest.farther) : "")),
    ],
    ["nearest neighbours", ...candidates.map(({ nearest }) => nearest?.verdict ?? "")],
    ["copies of real rows", ...candidates.map(({ duplicates }) => percent(duplicates.copied))],
    ["repeated rows", ...candidates.map(({ duplicates }) => percent(duplicates.within))],
    ["all p-values (Bonferroni)", ...candidates.map(({ log10P }) => `p ${equal(pText(log10P))}`)],
  ];
}

/** A statistic with its error and its p-value, if it has them. */
function cellText({ value, log10P }: TestResult): string {
  const p = log10P === undefined ? "" : `p ${equal(pText(log10P))}`;
  if (Number.isNaN(value.error)) return p;
  const text = estimateText(value);
  return p === "" ? text : `${text}, ${p}`;
}

const equal = (text: string) => (text.startsWith("<") ? text : `= ${text}`);
const percent = (share: number) => trueMinus(`${Number((100 * share).toPrecision(3))} %`);

/** Returns the test results of candidates, one sentence each. */
export function verdictLines({ candidates }: Judgement, columns?: readonly string[]): string[] {
  return candidates.slice(1).map(({ name, tests, log10P, nearest }) => {
    const worst = tests.reduce((a, b) => ((b.log10P ?? 0) < (a.log10P ?? 0) ? b : a));
    const neighbours =
      nearest === undefined || nearest.verdict === "as real"
        ? ""
        : nearest.verdict === "memorised"
          ? `; ${percent(nearest.standOut.value)} of the rows are near copies of real ones: memorised`
          : "; the rows lie farther from the data than real ones do";
    return log10P > Math.log10(0.01)
      ? `${name}: no test tells it from real rows (p ${equal(pText(log10P))} after Bonferroni)${neighbours}`
      : `${name}: differs from real rows, most clearly by ${worst.test} of ${testedName(worst.on, columns)} (p ${equal(pText(log10P))} after Bonferroni)${neighbours}`;
  });
}
