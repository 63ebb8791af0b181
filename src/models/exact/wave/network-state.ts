import type { NDArray } from "../../../array.ts";
import { letters } from "../../../data/measurements/setting.ts";
import { type Space, siteShape } from "../../../data/space.ts";
import type { Key } from "../../../random/key.ts";
import { cast, mean, mul, neg, reshape, type Tensor } from "../../../tensor/index.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leaves } from "../../../tensor/tree.ts";
import { isRotated } from "../../../tomography/bras.ts";
import { tooManyRotated } from "../../../tomography/interference.ts";
import { contextReader } from "../../context.ts";
import type { Domain, ExactModel, LogAmplitude, Parameters, Symbolic } from "../../contract.ts";
import { waveObjective } from "./course.ts";
import { measured } from "./measured.ts";

/** The parameters of the model of the squared modulus, and those of the phase, if there is one. */
export type WaveParameters = Parameters & {
  /** Parameters of the model of |ψ|². */
  readonly modulus: Parameters;
  /** Parameters of the phase; absent for a state of real positive amplitudes. */
  readonly phase?: Parameters;
};

/** What a quantum state is made of: a distribution of bits in the Z basis, and a phase of each. */
export interface StateParts {
  readonly family: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Number of qubits. */
  readonly qubits: number;
  /** Qubits of an environment, which follow and are traced out. */
  readonly environment: number;
  /** The model of |ψ|². */
  readonly modulus: Pick<ExactModel, "init" | "logProb" | "sample" | "masks" | "decays"> & {
    readonly space: Space;
  };
  /** The phase of rows `[batch, qubits + environment]`; none for a positive state. */
  readonly phase?: { init(key: Key): Parameters; of(p: Symbolic<Parameters>, x: Tensor): Tensor } | undefined;
  /** Most rotated qubits of a setting. */
  readonly mostRotated: number;
  readonly restarts: number;
  /** Ones in every configuration, if their number is fixed. */
  readonly excitations?: number | undefined;
}

const modulusPath = "modulus.";

/** The exact model of measured qubits of a state that networks make; see `makeWave`. */
export function networkState(domain: Domain, parts: StateParts): ExactModel<WaveParameters> {
  const { family, hyperparameters, qubits, environment, modulus, mostRotated, restarts, excitations } = parts;
  const bits = qubits + environment;
  const born = measured({ qubits, environment, rotated: mostRotated });
  const read = contextReader(domain.context);
  const masks = modulus.masks
    ? Object.fromEntries(Object.entries(modulus.masks).map(([path, mask]) => [modulusPath + path, mask]))
    : undefined;

  // Without phases all shots are of one distribution, whose details few shots do not settle.
  const decays = (path: string) =>
    path.startsWith(modulusPath) && (modulus.decays?.(path.slice(modulusPath.length)) ?? false);

  const amplitude = (p: Symbolic<WaveParameters>, x: Tensor): LogAmplitude => {
    const rows = x.shape[0] as number;
    const logProb = modulus.logProb(p.modulus, reshape(x, [rows, ...siteShape(modulus.space)]));
    const logModulus = mul(logProb, 0.5);
    return p.phase && parts.phase ? { logModulus, phase: parts.phase.of(p.phase, x) } : { logModulus };
  };
  const rowsOf = (x: Tensor) => reshape(x, [x.shape[0] as number, qubits]);
  const logProb = (p: Symbolic<WaveParameters>, x: Tensor, context?: Tensor) =>
    born.logProb((rows) => amplitude(p, rows), rowsOf(x), read(context) as Tensor, realType(p));

  const init = (key: Key): WaveParameters => {
    const phase = parts.phase?.init(key.fold(1));
    return { modulus: modulus.init(key.fold(0)), ...(phase && { phase }) };
  };

  return {
    ...{ family, kind: "exact" as const, hyperparameters, ...domain },
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
        ...{ family, init, amplitude, masks, mostRotated, environment, restarts, excitations },
        ...(!parts.phase && { decays }),
      }),
    // The first step is the whole fit, and the second says where it ended.
    fitOptions: (rows) => ({ batch: rows, epochs: 2 }),
    stateVector: {
      logAmplitude: (p, x) => amplitude(p, reshape(x, [x.shape[0] as number, bits])),
      draw(p, key) {
        const { x } = modulus.sample(p.modulus, key);
        return reshape(x, [x.shape[0] as number, bits]);
      },
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
    const start = row * width;
    let rotated = 0;
    for (let q = 0; q < qubits; q++) {
      const at = isLabels ? start + q : start + 3 * q;
      if (isLabels ? data[at] !== 2 : isRotated([data[at], data[at + 1], data[at + 2]].map(Number), 0))
        rotated++;
    }
    if (rotated <= most) continue;
    const labels = Array.from({ length: qubits }, (_, q) => letters[Number(data[start + q])]);
    return tooManyRotated(isLabels ? labels.join("") : `of row ${row}`, rotated, most).message;
  }
  return undefined;
}
