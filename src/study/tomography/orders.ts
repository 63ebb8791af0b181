import { type Measurements, mirrored } from "../../data/measurements/index.ts";
import {
  type BothOrders,
  bothOrders,
  type NoisyTargetOrders,
  noisyTargetOrders,
} from "../../evaluate/tomography/index.ts";
import { formatNumber } from "../../report/index.ts";
import { maximumLikelihood, tallyOf } from "../../tomography/index.ts";
import type { Panel } from "../study.ts";
import type { TomographySubject } from "./subject.ts";

/** Nats below which shots do not tell one order from the other. */
const clear = 3;

/** What the shots say of the order of their qubits. */
export interface OrderCheck {
  /** Log-likelihood of the fit in nats, and of a fit to the same bits with the letters of the settings in the opposite order. */
  readonly letters?: { readonly asGiven: number; readonly mirrored: number } | undefined;
  /** The state itself against its mirror image, on the same shots. */
  readonly state: BothOrders;
  /** The target with white noise against its mirror image. */
  readonly target?: NoisyTargetOrders | undefined;
  /** The same in words, by what was compared. */
  readonly sentences: Readonly<Record<string, string>>;
  /** Where the opposite order is clearly likelier. */
  readonly warnings: readonly string[];
}

/** Both orders of the qubits: of the letters of settings against bits, of the state, of the target. */
export const orders: Panel<TomographySubject> = {
  name: "orders",
  applies: ({ tally }) => tally.qubits > 1,
  async look(subject) {
    const { warnings, ...check } = orderCheck(subject);
    return { warnings, document: { orders: check } };
  },
};

const checks = new WeakMap<TomographySubject, OrderCheck>();

/** Compares both orders; done once for a subject. */
export function orderCheck(subject: TomographySubject): OrderCheck {
  const known = checks.get(subject);
  if (known) return known;
  const made = compare(subject);
  checks.set(subject, made);
  return made;
}

function compare({ measurements, tally, rho, target, rank }: TomographySubject): OrderCheck {
  const state = bothOrders(rho, tally);
  const other = maximumLikelihood(tallyOf(withMirroredSettings(measurements)), {
    tolerance: 1e-2,
    rank,
  });
  const letters = { asGiven: state.asGiven, mirrored: -other.loss * tally.shots };
  const noisy = target && noisyTargetOrders(target.matrix, tally);
  const gained = letters.asGiven - letters.mirrored;
  const byTarget = noisy && noisy.asGiven.logLikelihood - noisy.mirrored.logLikelihood;
  return {
    ...{ letters, state, target: noisy },
    sentences: {
      "letters of settings": lettersText(gained),
      state: `${numbers(state.asGiven, state.mirrored)}${winner(state.wonBy, "the state")}`,
      ...(target &&
        noisy && {
          target: `${target.name} with fitted white noise: ${numbers(noisy.asGiven.logLikelihood, noisy.mirrored.logLikelihood)}${winner(byTarget!, "the target")}`,
        }),
    },
    warnings: [
      ...(gained < -clear
        ? [
            `with the letters of settings in the opposite order the likelihood is ${nats(-gained)} higher; check --order and --settings-order`,
          ]
        : []),
      ...(byTarget !== undefined && byTarget < -clear
        ? [`the target in the opposite order of qubits is ${nats(-byTarget)} likelier; check --order`]
        : []),
    ],
  };
}

/** The same bits, with the axes of each setting in the opposite order. */
function withMirroredSettings(measurements: Measurements): Measurements {
  return { ...mirrored(measurements), bits: measurements.bits };
}

const nats = (value: number) => `${value.toFixed(1)} nats`;

const numbers = (asGiven: number, other: number) =>
  `log-likelihood ${formatNumber(Number(asGiven.toFixed(1)), 8)} as declared, ${formatNumber(Number(other.toFixed(1)), 8)} with the qubits reversed`;

function winner(by: number, what: string): string {
  if (Math.abs(by) < 1e-3) return `; ${what} is the same in both orders`;
  if (Math.abs(by) < clear) return `; ${nats(Math.abs(by))} apart, too few to tell`;
  return by > 0 ? `; the declared order wins by ${nats(by)}` : `; the opposite order wins by ${nats(-by)}`;
}

function lettersText(gained: number): string {
  if (Math.abs(gained) < clear)
    return `bits and letters of settings may have opposite orders: a fit of that is ${nats(Math.abs(gained))} ${gained < 0 ? "better" : "worse"}, too few to tell`;
  return gained > 0
    ? `bits and letters of settings have the same order: a fit of the opposite is ${nats(gained)} worse`
    : `bits and letters of settings seem to have opposite orders: a fit of that is ${nats(-gained)} better`;
}
