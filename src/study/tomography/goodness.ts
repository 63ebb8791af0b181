import type { GoodnessOfFit } from "../../evaluate/tomography/index.ts";
import { type NumberRow, settingDeviance } from "../../report/index.ts";
import type { Panel } from "../study.ts";
import type { TomographySubject } from "./subject.ts";

/** The p-value of all settings together below which one of them is marked. */
const level = 0.01;

/** Mean and spread of a setting in which almost nothing can happen. */
const leastSpread = 0.5;

/** Whether a single state explains the shots: deviance by setting against data that one state did give. */
export const goodness: Panel<TomographySubject> = {
  name: "goodness",
  applies: () => true,
  async look(subject, at) {
    const { fit, replicas } = await subject.bootstrap(at);
    const measured = fit.settings.filter(({ shots }) => shots > 0);
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
            settings: measured.map((one) => ({
              name: one.name,
              sigmas: (one.deviance - one.expected) / Math.max(one.spread, leastSpread),
              isFar: isFar(one, measured.length, replicas ?? 2),
            })),
          }),
          caption: `Deviance of each setting, 2 Σ n ln(n/expected), less its mean over the bootstrap and in units of its spread. ${fit.sentence}`,
        },
      ],
      warnings: fit.explained ? [] : [fit.sentence.replace(/\.$/, "")],
      document: { goodnessOfFit: fit },
    };
  },
};

/** A p-value; if no replica is as far off as the data it is a bound. */
function pText(p: number, replicas = 0): string {
  const text = Number(p.toPrecision(2));
  return p * (1 + replicas) < 1.5 ? `p ≤ ${text}` : `p = ${text}`;
}

/**
 * Whether a setting's deviance is beyond chance, one of `count`: no replica has as large a one, and it exceeds the quantile of a scaled χ²
 * of the same mean and spread (Welch and Satterthwaite), widened since both are known from few replicas.
 */
function isFar(
  { deviance, expected, spread, pValue }: GoodnessOfFit["settings"][number],
  count: number,
  replicas: number,
): boolean {
  if (pValue * (1 + replicas) > 1.5) return false;
  const [mean, own] = [Math.max(expected, leastSpread), Math.max(spread, leastSpread)];
  const scale = own ** 2 / (2 * mean);
  const limit = scale * farBeyond(mean / scale, count);
  return deviance > mean + (limit - mean) * (1 + 2 / Math.sqrt(replicas));
}

/**
 * The deviance that one of `count` settings exceeds with a probability of about 0.01, by Wilson and Hilferty's cube root of a χ² of
 * the mean `expected`.
 */
function farBeyond(expected: number, count: number): number {
  const tail = level / count;
  // The normal quantile of a small tail (Abramowitz & Stegun 26.2.23).
  const t = Math.sqrt(-2 * Math.log(tail));
  const z =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  const w = 2 / (9 * expected);
  return expected * (1 - w + z * Math.sqrt(w)) ** 3;
}
