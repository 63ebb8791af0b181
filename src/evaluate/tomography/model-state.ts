import { arrayFrom, type NDArray } from "../../array.ts";
import type { Measurements } from "../../data/measurements/measurements.ts";
import { labelsOf } from "../../data/measurements/setting.ts";
import { type Space, siteShape } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { mostDensityQubits, type Tally, withCounts } from "../../tomography/counts.ts";
import { type MaximumLikelihoodState, maximumLikelihood } from "../../tomography/maximum-likelihood.ts";
import { type TablePlan, tablePlan } from "./table-plan.ts";

/** The state that a model of outcomes describes best; see {@link stateOfModel}. */
export interface ModelState extends MaximumLikelihoodState {
  /** The model's probability of each outcome times the shots of its setting. */
  readonly table: Tally;
  /**
   * KL(model‖state) in nats a shot, the mean over settings: how far the model's probabilities are from those of any
   * state. 0 for a model whose probabilities are those of a state.
   */
  readonly distance: number;
}

/** See {@link stateOfModel}. */
export interface ModelStateOptions {
  /**
   * The state's log-likelihood of as many shots as the model was fitted to is within this many nats of its maximum
   * (default 10⁻⁴).
   */
  readonly tolerance?: number;
}

/** Outcomes scored in one call. */
const atOnce = 2 ** 16;

/**
 * The table of a model P(bits | setting): expected counts of every outcome in the settings of a {@link tablePlan}. Throws AnsatzError
 * (usage) for more than 8 qubits, and for a model of other data.
 */
export async function modelTable(fitted: FittedExact, plan: TablePlan): Promise<Tally> {
  const { qubits, settings, shotsOf, name } = plan;
  const { space, context, family } = fitted.model;
  if (qubits > mostDensityQubits)
    throw usageError(
      `${name}: ${qubits} qubits; a table of all outcomes takes up to ${mostDensityQubits}: take means by samples`,
    );
  if (!context || space.kind !== "binary")
    throw usageError(`${family} is no model of the outcomes of qubits, bits with a setting as context`);
  const seen = Array.from(settings.keys()).filter((s) => shotsOf[s]! > 0);
  const outcomes = 2 ** qubits;
  const counts = new Float64Array(settings.length * outcomes);
  const step = Math.max(1, Math.floor(atOnce / outcomes));
  for (let start = 0; start < seen.length; start += step) {
    const some = seen.slice(start, start + step);
    const rows = some.length * outcomes;
    const bits = Uint8Array.from(
      { length: rows * qubits },
      (_, i) => (Math.floor(i / qubits) >> (qubits - 1 - (i % qubits))) & 1,
    );
    const x = arrayFrom("u8", [rows, ...siteShape(space)], bits);
    const logProb = await fitted.logProb(x, settingRows(context, plan, some, outcomes));
    some.forEach((s, k) => {
      for (let a = 0; a < outcomes; a++)
        counts[s * outcomes + a] = shotsOf[s]! * Math.exp(logProb[k * outcomes + a]!);
    });
  }
  // Bits are as they were read: a known confusion stays between the state and the table.
  return withCounts(plan, counts);
}

/** The settings `some` as contexts, `repeats` rows each. */
function settingRows(
  space: Space,
  { settings, qubits }: TablePlan,
  some: readonly number[],
  repeats: number,
): NDArray {
  const isLabels = space.kind === "categorical";
  const width = isLabels ? qubits : 3 * qubits;
  const all = new Float32Array(some.length * repeats * width);
  some.forEach((s, k) => {
    const own = isLabels ? labelsOf(settings[s]!) : settings[s]!.axes;
    for (let r = 0; r < repeats; r++) all.set(own, (k * repeats + r) * width);
  });
  const shape = [some.length * repeats, ...siteShape(space)];
  return arrayFrom(isLabels ? "u8" : "f32", shape, all);
}

/**
 * The physical state of a model of outcomes, such as a transformer that was fitted to `measurements` (attention-based tomography): the
 * density matrix under which data as the model draws them are likeliest. The inverse of the measurement would have negative eigenvalues,
 * and making that matrix positive weighs all its entries alike; the likelihood weighs them by how well shots know them.
 *
 * Source of the model of outcomes: Cha et al., Mach. Learn.: Sci. Technol. 3 (2021) 01LT01.
 *
 * @throws AnsatzError as {@link modelTable}, and (input) for settings that determine no state.
 */
export async function stateOfModel(
  fitted: FittedExact,
  measurements: Measurements,
  { tolerance }: ModelStateOptions = {},
): Promise<ModelState> {
  const plan = tablePlan(measurements);
  if (!plan)
    throw inputError(
      `${measurements.name}: its settings determine no state, whatever the model; measure all Pauli settings, or random ones`,
    );
  const table = await modelTable(fitted, plan);
  const found = maximumLikelihood(table, { ...(tolerance !== undefined && { tolerance }) });
  const outcomes = 2 ** table.qubits;
  let entropy = 0;
  table.counts.forEach((n, i) => {
    if (n > 0) entropy -= n * Math.log(n / table.shotsOf[Math.floor(i / outcomes)]!);
  });
  return { ...found, table, distance: Math.max(0, found.loss - entropy / table.shots) };
}
