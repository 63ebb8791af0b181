import type * as z from "zod";
import type { NDArray } from "../../../array.ts";
import { letters } from "../../../data/measurements/setting.ts";
import { binary, siteShape } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { cast, mean, mul, neg, reshape, type Tensor } from "../../../tensor/index.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leaves } from "../../../tensor/tree.ts";
import { isRotated } from "../../../tomography/bras.ts";
import { tooManyRotated } from "../../../tomography/interference.ts";
import { contextReader } from "../../context.ts";
import type { Domain, ExactModel, Family, LogAmplitude, Parameters, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { waveObjective } from "./course.ts";
import { measured } from "./measured.ts";
import { makeModulus, modulusCount } from "./modulus.ts";
import {
  mostRotatedOf,
  mostTableQubits,
  type NetworkStateHyperparameters,
  purifiedSchema,
  qubitsOf,
  waveSchema,
} from "./options.ts";
import { initPhase, type PhaseParameters, phaseCount, phaseOf } from "./phase.ts";

/** A wave function: the parameters of the model of its squared modulus, and those of its phase, if it has one. */
export type WaveParameters = Parameters & {
  readonly modulus: Parameters;
  readonly phase?: PhaseParameters;
};

/** Hyperparameters of {@link wave}, defaults filled in. */
export type WaveHyperparameters = z.output<typeof waveSchema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type WaveOptions = z.input<typeof waveSchema>;

/** Hyperparameters of {@link purified}, defaults filled in. */
export type PurifiedHyperparameters = z.output<typeof purifiedSchema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type PurifiedOptions = z.input<typeof purifiedSchema>;

/** A space as its modulus is of: that of the bits themselves, or of these and an environment in a row. */
function modulusDomain({ space }: Domain, qubits: number, environment: number): Domain {
  return { space: environment === 0 ? space : binary([qubits + environment]) };
}

function checked(family: string, domain: Domain, h: NetworkStateHyperparameters) {
  const qubits = qubitsOf(family, domain);
  const environment = h.environment ?? 0;
  if (h.phase === "table" && qubits + environment > mostTableQubits)
    throw usageError(
      `${family}: a table of phases takes up to ${mostTableQubits} qubits, not ${qubits + environment}; set phase=network`,
    );
  if (h.excitations != null && h.excitations > qubits)
    throw usageError(`${family}: ${qubits} qubits have at most ${qubits} excitations, not ${h.excitations}`);
  return { qubits, environment };
}

function networkState(
  family: string,
  domain: Domain,
  h: NetworkStateHyperparameters,
): ExactModel<WaveParameters> {
  const { qubits, environment } = checked(family, domain, h);
  const bits = qubits + environment;
  const own = modulusDomain(domain, qubits, environment);
  const modulus = makeModulus(h, own, qubits);
  const mostRotated = mostRotatedOf(h, qubits);
  const born = measured({ qubits, environment, rotated: mostRotated });
  const read = contextReader(domain.context);
  const masks = modulus.masks
    ? Object.fromEntries(Object.entries(modulus.masks).map(([path, mask]) => [`modulus.${path}`, mask]))
    : undefined;

  const amplitude = (p: Symbolic<WaveParameters>, x: Tensor): LogAmplitude => {
    const rows = x.shape[0] as number;
    const logProb = modulus.logProb(p.modulus, reshape(x, [rows, ...siteShape(own.space)]));
    const logModulus = mul(logProb, 0.5);
    return p.phase ? { logModulus, phase: phaseOf(p.phase, x) } : { logModulus };
  };
  const rowsOf = (x: Tensor) => reshape(x, [x.shape[0] as number, qubits]);
  const logProb = (p: Symbolic<WaveParameters>, x: Tensor, context?: Tensor) =>
    born.logProb((rows) => amplitude(p, rows), rowsOf(x), read(context) as Tensor, realType(p));

  const init = (key: Key): WaveParameters => {
    const phase = initPhase(key.fold(1), bits, h);
    return { modulus: modulus.init(key.fold(0)), ...(phase && { phase }) };
  };

  return {
    ...{ family, kind: "exact" as const, hyperparameters: h, ...domain },
    init,
    ...(masks && { masks }),
    logProb,
    loss: (p, x, _, context) => neg(mean(logProb(p, x, context))),
    sample(p, key, context) {
      const z = modulus.sample(p.modulus, key.fold(0)).x;
      const flat = reshape(z, [z.shape[0] as number, bits]);
      const axes = read(context) as Tensor;
      const drawn = born.draw((rows) => amplitude(p, rows), flat, key.fold(1), axes, realType(p));
      const x = cast(drawn, realType(p));
      return {
        x: reshape(x, [x.shape[0] as number, ...siteShape(domain.space)]),
        logProb: logProb(p, x, context),
      };
    },
    refusesContext: (context) => refusal(domain, context, qubits, mostRotated),
    objective: (request) =>
      waveObjective(request, {
        ...{ family, init, amplitude, masks, mostRotated, environment, restarts: h.restarts },
        excitations: h.excitations ?? undefined,
      }),
    // The first step is the whole fit, and the second says where it ended.
    fitOptions: (rows) => ({ batch: rows, epochs: 2 }),
    stateVector: {
      logAmplitude: (p, x) => amplitude(p, reshape(x, [x.shape[0] as number, bits])),
      ...(environment > 0 && { mixed: { ancillas: environment } }),
    },
  };
}

function realType(p: Symbolic<WaveParameters>): "f32" | "f64" {
  const [first] = leaves(p, isTensor);
  return first?.dtype as "f32" | "f64";
}

/** Why the first setting of contexts `[rows, ...]` that rotates too many qubits cannot be scored; undefined where all can. */
function refusal(
  { context: space }: Domain,
  { data, shape }: NDArray,
  qubits: number,
  most: number,
): string | undefined {
  const rows = shape[0] as number;
  const isLabels = space?.kind === "categorical";
  const width = isLabels ? qubits : 3 * qubits;
  for (let row = 0; row < rows; row++) {
    const own = Array.from({ length: width }, (_, i) => Number(data[row * width + i]));
    let rotated = 0;
    for (let q = 0; q < qubits; q++) if (isLabels ? own[q] !== 2 : isRotated(own, q)) rotated++;
    if (rotated > most) {
      const name = isLabels ? own.map((label) => letters[label]).join("") : `of row ${row}`;
      return tooManyRotated(name, rotated, most).message;
    }
  }
  return undefined;
}

/**
 * A pure state of measured qubits by networks: an autoregressive model of the squared modulus in the Z basis, and a network or a table
 * for the phase. P(bits | setting) is exact in any axes, as long as a setting rotates few qubits away from z. Rows are the bits of a
 * shot, contexts its setting, as `toDataset` of `ansatz/data` makes them. A fit is full-batch maximum likelihood.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, and hyperparameters out of range.
 */
export function makeWave(domain: Domain, options: WaveOptions = {}): ExactModel<WaveParameters> {
  return networkState("wave", domain, checkHyperparameters("wave", waveSchema, options));
}

/**
 * A mixed state of measured qubits by networks: a pure state of these and a few qubits of an environment, which nobody measures and
 * which are traced out. It is a state, whatever the parameters. See {@link makeWave}.
 *
 * @throws AnsatzError (usage) for other spaces and contexts, and hyperparameters out of range.
 */
export function makePurified(domain: Domain, options: PurifiedOptions = {}): ExactModel<WaveParameters> {
  return networkState("purified", domain, checkHyperparameters("purified", purifiedSchema, options));
}

function countOf(family: string, domain: Domain, h: NetworkStateHyperparameters): number {
  const { qubits, environment } = checked(family, domain, h);
  const own = modulusDomain(domain, qubits, environment);
  return modulusCount(h, own, qubits) + phaseCount(qubits + environment, h);
}

/** The family of {@link makeWave}. */
export const wave: Family<ExactModel<WaveParameters>> = {
  name: "wave",
  kind: "exact",
  summary:
    "wave function of measured qubits: autoregressive modulus and network phase, exact likelihood in any axes",
  schema: waveSchema,
  parameterCount: (domain, hyperparameters) =>
    countOf("wave", domain, checkHyperparameters("wave", waveSchema, hyperparameters)),
  create: (domain, hyperparameters) => makeWave(domain, hyperparameters as WaveOptions),
};

/** The family of {@link makePurified}. */
export const purified: Family<ExactModel<WaveParameters>> = {
  name: "purified",
  kind: "exact",
  summary: "mixed state of measured qubits: a wave function of these and an environment that is traced out",
  schema: purifiedSchema,
  parameterCount: (domain, hyperparameters) =>
    countOf("purified", domain, checkHyperparameters("purified", purifiedSchema, hyperparameters)),
  create: (domain, hyperparameters) => makePurified(domain, hyperparameters as PurifiedOptions),
};
