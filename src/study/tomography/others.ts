import { clearOrder } from "../../evaluate/order-likelihood.ts";
import { bothOrders, fidelity, logLikelihoodPerShot } from "../../evaluate/tomography/index.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { formatNumber, type NumberRow } from "../../report/index.ts";
import { hermitianEigenvalues } from "../../stats/hermitian-eigen.ts";
import { mirroredState } from "../../tomography/index.ts";
import type { Panel } from "../study.ts";
import type { NamedState, TomographySubject } from "./subject.ts";

/** A smaller eigenvalue makes a matrix unphysical. */
const leastEigenvalue = -1e-8;

/** Comparison of another reconstruction with the shots. */
export interface OtherCheck {
  /** Log-likelihood of all shots in nats, as stored and with its qubits reversed. */
  readonly asStored: number;
  readonly reversed: number;
  /** Nats by which the better of both is below the maximum. */
  readonly below: number;
  readonly smallestEigenvalue: number;
  /** Squared fidelity to the estimate in the better order; undefined for an unphysical matrix. */
  readonly fidelity?: number | undefined;
  /** The same in a sentence. */
  readonly sentence: string;
  /** Whether there is something to warn of. */
  readonly isOff: boolean;
}

/** Other reconstructions of the same shots: how likely they make them, in both orders of their qubits. */
export const others: Panel<TomographySubject> = {
  name: "others",
  applies: (subject) => subject.others.length > 0,
  async look(subject) {
    const checks = subject.others.map((other) => ({ other, check: checkOther(other, subject) }));
    return {
      numbers: checks.flatMap(({ other }) => rows(other, subject)),
      warnings: checks.filter(({ check }) => check.isOff).map(({ check }) => check.sentence),
      document: { compared: Object.fromEntries(checks.map(({ other, check }) => [other.name, check])) },
    };
  },
};

function rows({ name, matrix }: NamedState, { tally }: TomographySubject): NumberRow[] {
  return [
    { name: `NLL a shot (nats), ${name}`, of: matrix, note: "as stored" },
    { name: `NLL a shot (nats), ${name}`, of: mirroredState(matrix), note: "with its qubits reversed" },
  ].map(({ name, of, note }) => {
    const { value, error } = logLikelihoodPerShot(of, tally);
    return {
      ...{ key: "nll-other", name, estimate: { value: -value, error } },
      note: Number.isFinite(value)
        ? `${note}; ${formatNumber(-value * tally.shots, 8)} in all`
        : `${note}; an outcome that was seen has no probability`,
    };
  });
}

/** Holds another matrix against the shots. */
export function checkOther({ name, matrix }: NamedState, { tally, rho, fit }: TomographySubject): OtherCheck {
  const { asGiven, mirrored, wonBy } = bothOrders(matrix, tally);
  const isReversed = mirrored > asGiven + clearOrder;
  const below = -fit.loss * tally.shots - Math.max(asGiven, mirrored);
  const smallestEigenvalue = hermitianEigenvalues(matrix).at(-1)!;
  const isPhysical = smallestEigenvalue >= leastEigenvalue;
  const own = isPhysical ? fidelity(isReversed ? mirroredState(matrix) : matrix, rho) : undefined;
  const order = isReversed
    ? `${name} is in the other order of qubits: reversed it is ${nats(-wonBy)} likelier than as stored`
    : wonBy > clearOrder
      ? `${name} has the order of the shots: reversed it is ${nats(wonBy)} less likely`
      : `${name}: the shots do not tell its order`;
  const worth = Number.isFinite(below)
    ? `${isReversed ? "and even then" : "it is"} ${nats(below)} below the maximum`
    : "it gives an outcome that was seen no probability";
  const physics = isPhysical
    ? `its fidelity to the estimate is ${formatNumber(own!, 4)}`
    : `it is no state: its smallest eigenvalue is ${formatNumber(smallestEigenvalue, 2)}`;
  return {
    ...{ asStored: asGiven, reversed: mirrored, below, smallestEigenvalue },
    ...(own !== undefined && { fidelity: own }),
    sentence: `${order}; ${worth}; ${physics}`,
    isOff: isReversed || !isPhysical || !Number.isFinite(below),
  };
}

const nats = (value: number) =>
  Number.isFinite(value) ? `${trueMinus(value.toFixed(1))} nats` : "infinitely";
