import type { Setting } from "../data/measurements/measurements.ts";
import type { Tally } from "./counts.ts";
import { type Meter, measure, meterOf, spreadBack } from "./meter.ts";

/** Settings that share the axes of the first qubits. */
interface Node {
  readonly branches: readonly { readonly meter: Meter; readonly node: Node }[];
  /** Settings that share the axes of all qubits at this leaf. */
  readonly settings: readonly number[];
}

/**
 * Born's rule for product measurements, as a tree: from Pauli coefficients to probabilities one qubit at a time, and settings that
 * share the axes of the first qubits share that part. All 3^N Pauli settings cost O(6^N), few settings no more than each alone.
 */
export class BornTree {
  /** Number of qubits, N. */
  readonly qubits: number;
  /** Number of settings. */
  readonly settings: number;
  readonly #root: Node;
  /** Values and derivatives before each qubit: `[2^q, 4^(N−q)]`. */
  readonly #values: readonly Float64Array[];
  readonly #slopes: readonly Float64Array[];

  /** `confusion` is `[N, 2, 2]`, P(read | true) of each qubit; without it bits are read without error. */
  constructor(
    { qubits, settings, confusion }: Pick<Tally, "qubits" | "settings" | "confusion">,
    only: (setting: number) => boolean = () => true,
  ) {
    this.qubits = qubits;
    this.settings = settings.length;
    const chosen = Array.from(settings, (_, s) => s).filter(only);
    this.#root = grow(settings, chosen, 0, qubits, confusion);
    const sizes = Array.from({ length: qubits + 1 }, (_, q) => 2 ** q * 4 ** (qubits - q));
    this.#values = sizes.map((size) => new Float64Array(size));
    this.#slopes = sizes.map((size) => new Float64Array(size));
  }

  /**
   * Returns minus the mean log-likelihood of the shots in nats per shot, for the state of Pauli coefficients
   * `x`; infinite if an outcome was seen that has no probability. Its derivatives by `x` are written to
   * `gradient`, if given.
   */
  loss(x: Float64Array, { counts, shots }: Tally, gradient?: Float64Array): number {
    const { qubits } = this;
    const outcomes = 2 ** qubits;
    const [p, slope] = [this.#values[qubits]!, this.#slopes[qubits]!];
    let loss = 0;
    this.#walk(x, gradient, (settings) => {
      if (gradient) slope.fill(0);
      for (const s of settings)
        for (let a = 0; a < outcomes; a++) {
          const n = counts[s * outcomes + a]!;
          if (n === 0) continue;
          loss -= p[a]! > 0 ? n * Math.log(p[a]!) : -Number.POSITIVE_INFINITY;
          slope[a]! -= n / (shots * p[a]!);
        }
    });
    return loss / shots;
  }

  /**
   * Returns `[settings, 2^N]`: the probability of each outcome in each setting; 0 throughout omitted
   * settings.
   */
  probabilities(x: Float64Array): Float64Array {
    const outcomes = 2 ** this.qubits;
    const out = new Float64Array(this.settings * outcomes);
    const p = this.#values[this.qubits]!;
    this.#walk(x, undefined, (settings) => {
      for (const s of settings) out.set(p, s * outcomes);
    });
    return out;
  }

  /** Σ over settings and outcomes of `weights`, `[settings, 2^N]`, times the probabilities, as coefficients of `x`: `[4^N]`. */
  transposed(weights: Float64Array): Float64Array {
    const { qubits } = this;
    const outcomes = 2 ** qubits;
    const out = new Float64Array(4 ** qubits);
    const slope = this.#slopes[qubits]!;
    this.#walk(out.slice(), out, (settings) => {
      slope.fill(0);
      for (const s of settings) for (let a = 0; a < outcomes; a++) slope[a]! += weights[s * outcomes + a]!;
    });
    return out;
  }

  #walk(
    x: Float64Array,
    gradient: Float64Array | undefined,
    leaf: (settings: readonly number[]) => void,
  ): void {
    const { qubits } = this;
    const [values, slopes] = [this.#values, this.#slopes];
    const visit = (node: Node, q: number): void => {
      if (q === qubits) {
        leaf(node.settings);
        return;
      }
      const own = slopes[q]!;
      if (gradient) own.fill(0);
      for (const { meter, node: next } of node.branches) {
        const [blocks, rest] = [2 ** q, 4 ** (qubits - q - 1)];
        measure(meter, values[q]!, values[q + 1]!, blocks, rest);
        visit(next, q + 1);
        if (gradient) spreadBack(meter, slopes[q + 1]!, own, blocks, rest);
      }
    };
    values[0]!.set(x);
    visit(this.#root, 0);
    gradient?.set(slopes[0]!);
  }
}

function grow(
  settings: readonly Setting[],
  chosen: readonly number[],
  q: number,
  qubits: number,
  confusion: Float64Array | undefined,
): Node {
  if (q === qubits) return { branches: [], settings: chosen };
  const groups = new Map<string, number[]>();
  for (const s of chosen) {
    const key = settings[s]!.axes.subarray(3 * q, 3 * q + 3).join();
    const group = groups.get(key);
    if (group) group.push(s);
    else groups.set(key, [s]);
  }
  const branches = [...groups.values()].map((own) => {
    const [x = 0, y = 0, z = 0] = settings[own[0]!]!.axes.subarray(3 * q, 3 * q + 3);
    return {
      meter: meterOf([x, y, z], confusion, q),
      node: grow(settings, own, q + 1, qubits, confusion),
    };
  });
  return { branches, settings: [] };
}
