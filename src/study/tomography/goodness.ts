import { type NumberRow, settingDeviance } from "../../report/index.ts";
import type { Panel } from "../study.ts";
import type { TomographySubject } from "./subject.ts";

/** The p-value of all settings together below which one of them is marked. */
const level = 0.01;

/** Whether a single state explains the shots: deviance by setting against data that one state did give. */
export const goodness: Panel<TomographySubject> = {
  name: "goodness",
  applies: () => true,
  async look(subject, at) {
    const { fit, replicas } = await subject.bootstrap(at);
    const measured = fit.settings.filter(({ shots }) => shots > 0);
    const expected = fit.expected / measured.length;
    // A setting alone may be off by chance; the bound of a χ² at this level is close to normal.
    const limit = farBeyond(expected, measured.length);
    const row: NumberRow = {
      ...{ key: "deviance", name: "deviance from a single state" },
      estimate: { value: fit.deviance, error: fit.spread },
      reference: { value: fit.expected, source: "expected" },
      note: `${pText(fit.pValue, replicas)} by ${replicas} bootstrap replicas; ${fit.degrees} degrees of freedom without positivity`,
    };
    return {
      numbers: [row],
      figures: [
        {
          name: "deviance",
          svg: settingDeviance({
            settings: measured.map(({ name, deviance }) => ({ name, deviance, isFar: deviance > limit })),
            expected,
          }),
          caption: `Deviance of each setting, 2 Σ n ln(n/expected). ${fit.sentence}`,
        },
      ],
      warnings: fit.explained ? [] : [fit.sentence.replace(/\.$/, "")],
      document: { goodnessOfFit: fit },
    };
  },
};

/** A p-value; where no replica is as far as the data it is a bound. */
function pText(p: number, replicas = 0): string {
  const text = Number(p.toPrecision(2));
  return p * (1 + replicas) < 1.5 ? `p ≤ ${text}` : `p = ${text}`;
}

/**
 * The deviance that one of `count` settings exceeds with a probability of about 0.01, by Wilson and Hilferty's cube root of a χ² of
 * the mean `expected`.
 */
export function farBeyond(expected: number, count: number): number {
  const tail = level / count;
  // The normal quantile of a small tail (Abramowitz & Stegun 26.2.23).
  const t = Math.sqrt(-2 * Math.log(tail));
  const z =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  const w = 2 / (9 * expected);
  return expected * (1 - w + z * Math.sqrt(w)) ** 3;
}
