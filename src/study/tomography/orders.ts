import { type Measurements, mirrored } from "../../data/measurements/index.ts";
import { clearOrder } from "../../evaluate/order-likelihood.ts";
import {
  type BothOrders,
  bothOrders,
  type NoisyTargetOrders,
  noisyTargetOrders,
} from "../../evaluate/tomography/index.ts";
import { formatNumber } from "../../report/index.ts";
import { maximumLikelihood, tallyOf } from "../../tomography/index.ts";
import type { Panel } from "../study.ts";
import { mostRefitted, type TomographySubject } from "./subject.ts";

/** Evidence of the shots for the order of their qubits. */
export interface OrderCheck {
  /** Log-likelihood of the fit in nats, of one with the letters of the settings in the opposite order, and their difference. */
  readonly letters?:
    | { readonly asGiven: number; readonly mirrored: number; readonly gained: number }
    | undefined;
  /** The state itself against its mirror image, on the same shots. */
  readonly state: BothOrders;
  /** The target with white noise against its mirror image. */
  readonly target?: NoisyTargetOrders | undefined;
  /** The same in words, by what was compared. */
  readonly sentences: Readonly<Record<string, string>>;
  /** Warnings if the opposite order is clearly likelier. */
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

function compare(subject: TomographySubject): OrderCheck {
  const { tally, rho, target } = subject;
  const state = bothOrders(rho, tally);
  const letters = lettersMirrored(subject, state.asGiven);
  const noisy = target && noisyTargetOrders(target.matrix, tally);
  const byTarget = noisy ? noisy.asGiven.logLikelihood - noisy.mirrored.logLikelihood : 0;
  return {
    ...{ letters, state, target: noisy },
    sentences: {
      ...(letters && { "letters of settings": lettersText(letters.gained, tally.qubits) }),
      state: `${numbers(state.asGiven, state.mirrored)}; ${nats(state.wonBy)} for the declared order, to which the state was fitted`,
      ...(target &&
        noisy && {
          target: `${target.name} with fitted white noise: ${numbers(noisy.asGiven.logLikelihood, noisy.mirrored.logLikelihood)}${winner(byTarget)}`,
        }),
    },
    warnings: [
      ...(letters && letters.gained < -clearOfFits(tally.qubits)
        ? [
            `with the letters of settings in the opposite order the likelihood is ${nats(-letters.gained)} higher; check --order and --settings-order`,
          ]
        : []),
      ...(byTarget < -clearOrder
        ? [`the target in the opposite order of qubits is ${nats(-byTarget)} likelier; check --order`]
        : []),
    ],
  };
}

/**
 * The log-likelihood of a fit with the letters of settings reversed; undefined for many qubits, where it
 * takes long.
 */
function lettersMirrored({ measurements, tally, rank }: TomographySubject, asGiven: number) {
  if (tally.qubits > mostRefitted) return undefined;
  const other = maximumLikelihood(tallyOf(withMirroredSettings(measurements)), { tolerance: 1e-2, rank });
  const mirrored = -other.loss * tally.shots;
  return { asGiven, mirrored, gained: asGiven - mirrored };
}

/** Nats by which fits of two assumptions may differ by chance: four times the root of the number of parameters. */
const clearOfFits = (qubits: number) => 4 * 2 ** qubits;

/** The same bits, with the axes of each setting in the opposite order. */
function withMirroredSettings(measurements: Measurements): Measurements {
  return { ...mirrored(measurements), bits: measurements.bits };
}

const nats = (value: number) => `${value.toFixed(1)} nats`;

const numbers = (asGiven: number, other: number) =>
  `log-likelihood ${formatNumber(Number(asGiven.toFixed(1)), 8)} as declared, ${formatNumber(Number(other.toFixed(1)), 8)} with the qubits reversed`;

function winner(by: number): string {
  if (Math.abs(by) < 1e-3) return "; the target is the same in both orders";
  if (Math.abs(by) < clearOrder) return `; ${nats(Math.abs(by))} apart, too few to tell`;
  return by > 0 ? `; the declared order wins by ${nats(by)}` : `; the opposite order wins by ${nats(-by)}`;
}

function lettersText(gained: number, qubits: number): string {
  if (Math.abs(gained) < clearOfFits(qubits))
    return `a fit with the letters of settings reversed is ${nats(Math.abs(gained))} ${gained < 0 ? "better" : "worse"}, too few to tell whether bits and letters have the same order`;
  return gained > 0
    ? `bits and letters have the same order: a fit with the letters reversed is ${nats(gained)} worse`
    : `bits and letters seem to have opposite orders: a fit with the letters reversed is ${nats(-gained)} better`;
}
