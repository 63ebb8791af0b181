import { usageError } from "../../error.ts";
import type { PureState } from "./state.ts";

/**
 * Returns Born's probabilities `[2^N]` of a pure state measured along `axes` `[N, 3]`, one unit vector per
 * qubit; bit 0 is the outcome along the axis. The state is turned one qubit at a time, so that the cost is
 * N·2^N; qubits along z cost nothing.
 */
export function bornProbabilities(state: PureState, axes: Float64Array): Float64Array {
  const { qubits } = state;
  if (axes.length !== 3 * qubits)
    throw usageError(`${axes.length / 3} axes do not measure ${qubits} qubits; give one for each`);
  const [re, im] = [state.re.slice(), state.im.slice()];
  for (let q = 0; q < qubits; q++) {
    const [x, y, z] = axes.subarray(3 * q, 3 * q + 3) as unknown as [number, number, number];
    if (x !== 0 || y !== 0 || z !== 1) turn(re, im, 2 ** (qubits - 1 - q), x, y, z);
  }
  return re.map((a, i) => a * a + im[i]! * im[i]!);
}

/**
 * Applies the rows ⟨+n| and ⟨−n| to the qubit with index stride `step`: |+n⟩ = (cos θ/2, e^{iφ} sin θ/2),
 * |−n⟩ = (sin θ/2, −e^{iφ} cos θ/2). For X and Y these are [[1, 1], [1, −1]]/√2 and [[1, −i], [1, i]]/√2.
 */
function turn(re: Float64Array, im: Float64Array, step: number, x: number, y: number, z: number): void {
  const [c, s] = [Math.sqrt(Math.max(0, (1 + z) / 2)), Math.sqrt(Math.max(0, (1 - z) / 2))];
  const length = Math.hypot(x, y);
  // e^{−iφ}
  const [pr, pi] = length > 0 ? [x / length, -y / length] : [1, 0];
  for (let block = 0; block < re.length; block += 2 * step)
    for (let i = block; i < block + step; i++) {
      const j = i + step;
      const [ar, ai] = [re[i]!, im[i]!];
      const [br, bi] = [re[j]! * pr - im[j]! * pi, re[j]! * pi + im[j]! * pr];
      re[i] = c * ar + s * br;
      im[i] = c * ai + s * bi;
      re[j] = s * ar - c * br;
      im[j] = s * ai - c * bi;
    }
}
