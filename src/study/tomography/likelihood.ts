import { heldOutShots, takeShots } from "../../data/measurements/index.ts";
import { logLikelihoodPerShot } from "../../evaluate/tomography/index.ts";
import { Key } from "../../random/key.ts";
import { formatNumber } from "../../report/index.ts";
import type { Estimate } from "../../stats/estimate.ts";
import { maximumLikelihood, tallyOf } from "../../tomography/index.ts";
import type { Panel } from "../study.ts";
import { mostRefitted, type TomographySubject } from "./subject.ts";

/** The share of the shots of each setting that is held out once, to see how likely new shots are. */
const heldOutShare = 0.1;

/** The likelihood of the shots, in sample and held out, and the distance of the fit from the optimum. */
export const likelihood: Panel<TomographySubject> = {
  name: "likelihood",
  applies: () => true,
  async look(subject) {
    const { tally, rho, fit } = subject;
    const own = logLikelihoodPerShot(rho, tally);
    const held = heldOut(subject);
    const total = -own.value * tally.shots;
    return {
      numbers: [
        {
          ...{ key: "nll", name: "NLL a shot (nats)", estimate: negative(own) },
          note: `of the shots of the fit; ${formatNumber(total, 8)} in all, at most ${formatNumber(fit.gap, 2)} above the minimum`,
        },
        ...(held
          ? [
              {
                ...{ key: "nll-held-out", name: "NLL a shot (nats), held out", estimate: negative(held) },
                note: Number.isFinite(held.value)
                  ? "fitted to 90 % of the shots of each setting, 10 % held out"
                  : "a fit to 90 % of the shots excludes an outcome that was held out: too few shots",
              },
            ]
          : []),
      ],
      document: {
        nll: total,
        nllPerShot: negative(own),
        ...(held && { heldOutNllPerShot: negative(held) }),
        gap: fit.gap,
      },
    };
  },
};

const negative = ({ value, error }: Estimate): Estimate => ({ value: -value, error });

/** The mean log-likelihood of held-out shots under a fit to the others; undefined for too few shots and too many qubits. */
function heldOut({ measurements, rho, rank, seed }: TomographySubject): Estimate | undefined {
  const { kept, held } = heldOutShots(measurements, heldOutShare, Key.fromSeed(seed).fold(2));
  if (held.length < 2 || measurements.qubits > mostRefitted) return undefined;
  const other = maximumLikelihood(tallyOf(takeShots(measurements, kept)), {
    start: rho,
    tolerance: 1e-2,
    rank,
  });
  return logLikelihoodPerShot(other.rho, tallyOf(takeShots(measurements, held)));
}
