import type { Measurements } from "ansatz/data";

/** A state Σ √p_q e^{iφ_q} |1 at q⟩. */
export interface WLike {
  readonly p: Float64Array;
  readonly phase: Float64Array;
}

/**
 * The bondwise maximum-likelihood estimate of a state with one excitation from shots in the settings `neighbours`: the weights by
 * expectation maximisation, since a pair that is measured along X and Y tells only that the excitation is there, and then the
 * difference of each pair's phases by itself.
 */
export function bondEstimate({ qubits, bits, setting, settings }: Measurements): WLike {
  const rotated = settings.map(({ name }) => [...name].findIndex((letter) => letter !== "Z"));
  const single = new Float64Array(qubits);
  const pair = new Float64Array(qubits);
  const outcomes = settings.map(() => new Float64Array(4));
  setting.forEach((s, shot) => {
    const own = bits.subarray(shot * qubits, (shot + 1) * qubits);
    const q = rotated[s]!;
    const one = own.findIndex((bit, at) => bit === 1 && at !== q && (q < 0 || at !== q + 1));
    if (one >= 0) single[one]!++;
    else if (q >= 0) {
      pair[q]!++;
      outcomes[s]![2 * own[q]! + own[q + 1]!]!++;
    }
  });
  let p = new Float64Array(qubits).fill(1 / qubits);
  for (let round = 0; round < 2000; round++) {
    const next = single.slice();
    for (let q = 0; q + 1 < qubits; q++) {
      const share = p[q]! / (p[q]! + p[q + 1]!);
      next[q]! += pair[q]! * share;
      next[q + 1]! += pair[q]! * (1 - share);
    }
    const total = next.reduce((sum, n) => sum + n, 0);
    p = next.map((n) => n / total);
  }
  const phase = new Float64Array(qubits);
  for (let q = 0; q + 1 < qubits; q++) {
    const [a, b] = [Math.sqrt(p[q + 1]!), Math.sqrt(p[q]!)];
    // Amplitudes a of 01 and b e^{-iδ} of 10; the bras of Y have −i at bit 1.
    const logLikelihood = (delta: number) =>
      settings.reduce((sum, { name }, s) => {
        if (rotated[s] !== q) return sum;
        const second = name[q + 1] === "Y" ? -Math.PI / 2 : 0;
        return outcomes[s]!.reduce((own, n, outcome) => {
          const sign = (outcome >> 1) ^ (outcome & 1) ? -1 : 1;
          const probability = (a * a + b * b + 2 * sign * a * b * Math.cos(delta + second)) / 4;
          return own + (n > 0 ? n * Math.log(Math.max(probability, 1e-300)) : 0);
        }, sum);
      }, 0);
    let [best, step] = [0, Math.PI];
    for (let k = 0; k < 720; k++) {
      const delta = (k * Math.PI) / 360;
      if (logLikelihood(delta) > logLikelihood(best)) best = delta;
    }
    for (step = Math.PI / 360; step > 1e-7; step /= 2)
      for (const delta of [best - step, best + step])
        if (logLikelihood(delta) > logLikelihood(best)) best = delta;
    phase[q + 1] = phase[q]! + best;
  }
  return { p, phase };
}

/** The (squared) fidelity of two such states. */
export function overlapOf(a: WLike, b: WLike): number {
  let [re, im] = [0, 0];
  a.p.forEach((p, q) => {
    const size = Math.sqrt(p * b.p[q]!);
    re += size * Math.cos(a.phase[q]! - b.phase[q]!);
    im += size * Math.sin(a.phase[q]! - b.phase[q]!);
  });
  return re * re + im * im;
}

/** The W-like state of given phases, all of one weight. */
export const equalWeights = (phase: Float64Array): WLike => ({
  p: new Float64Array(phase.length).fill(1 / phase.length),
  phase,
});
