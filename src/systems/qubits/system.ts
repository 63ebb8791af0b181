import { bornProbabilities } from "./born.ts";
import { effective, misread, type Noise, noisyDensity } from "./noise.ts";
import { type DensityMatrix, densityOf, type PureState } from "./state.ts";

/** A state of qubits with its noise: exact amplitudes, density matrix and probabilities of outcomes. */
export class QubitSystem {
  /** Name of its kind, such as `ghz`. */
  readonly name: string;
  /** Number of qubits, N. */
  readonly qubits: number;
  /** Noise between the pure state and the bits that are read. */
  readonly noise: Noise;
  readonly #parameters: Readonly<Record<string, unknown>>;
  readonly #create: () => PureState;
  #psi: PureState | undefined;

  /** Makes a state from its parameters, checked, and a function that computes its amplitudes on first use. */
  constructor(
    name: string,
    parameters: { readonly qubits: number } & Readonly<Record<string, unknown>>,
    noise: Noise,
    create: () => PureState,
  ) {
    this.name = name;
    this.qubits = parameters.qubits;
    this.noise = noise;
    this.#parameters = parameters;
    this.#create = create;
  }

  /** Parameters and noise as plain JSON, which `createState` reads back; pairs and lists as text such as `0.01,0.03`. */
  get parameters(): Readonly<Record<string, string | number>> {
    const all = Object.entries({ ...this.#parameters, ...this.noise });
    return Object.fromEntries(
      all.map(([key, value]) => [key, Array.isArray(value) ? value.join(",") : (value as string | number)]),
    );
  }

  /** The state before noise. */
  get psi(): PureState {
    this.#psi ??= this.#create();
    return this.#psi;
  }

  /** Whether noise leaves the state pure; drift and readout do. */
  get isPure(): boolean {
    const { white, depolarise, dephase, "amplitude-damping": decay } = this.noise;
    return !white && !depolarise && !dephase && !decay;
  }

  /** The state after noise, before drift and readout, as a density matrix of at most 8 qubits. */
  density(): DensityMatrix {
    return noisyDensity(densityOf(this.psi), this.noise);
  }

  /**
   * Returns the probabilities `[2^N]` of the bits read along `axes` `[N, 3]`, noise and readout included, for
   * any number of qubits; `isTurned` is whether the state has drifted.
   */
  probabilities(axes: Float64Array, isTurned = false): Float64Array {
    const { white = 0 } = this.noise;
    const measured = Array.from({ length: this.qubits }, (_, q) =>
      effective([axes[3 * q]!, axes[3 * q + 1]!, axes[3 * q + 2]!], this.noise, isTurned),
    );
    const sharp = bornProbabilities(this.psi, Float64Array.from(measured.flatMap(({ axis }) => axis)));
    const out = white === 0 ? sharp : sharp.map((p) => (1 - white) * p + white / sharp.length);
    misread(out, measured);
    return out;
  }
}
