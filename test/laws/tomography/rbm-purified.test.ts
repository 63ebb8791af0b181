import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../src/array.ts";
import { makeMeasurements } from "../../../src/data/measurements/make.ts";
import { binary, real } from "../../../src/data/space.ts";
import { networkFidelity } from "../../../src/evaluate/tomography/state-vector.ts";
import { isArray } from "../../../src/models/arrays.ts";
import { amplitudeNetwork, flattened } from "../../../src/models/exact/wave/amplitude-network.ts";
import type { RbmLayer } from "../../../src/models/exact/wave/rbm-modulus.ts";
import { makeRbmPurified } from "../../../src/models/exact/wave/rbm-purified.ts";
import { FittedExact } from "../../../src/models/fitted/exact.ts";
import { Key } from "../../../src/random/key.ts";
import { stream } from "../../../src/random/stream.ts";
import type { ComplexMatrix } from "../../../src/stats/hermitian-eigen.ts";
import { leavesWithPaths } from "../../../src/tensor/tree.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { interference } from "../../../src/tomography/interference.ts";
import { interferenceLoss } from "../../../src/tomography/interference-loss.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { requireState } from "../../../src/tomography/states.ts";
import { randomSettings } from "./dense.ts";

const key = Key.fromSeed(62);
const [qubits, environment, units] = [3, 2, 4];
const n = 2 ** qubits;
const model = makeRbmPurified(
  { space: binary([qubits]), context: real([qubits, 3]) },
  { hidden: units, environment },
);
/** Parameters of a state far from uniform. */
const parameters = model.init(key);
const random = stream(key.fold(1));
for (const [, { data }] of leavesWithPaths(parameters, isArray))
  data.forEach((_, i) => {
    data[i] = 2 * random.uniform() - 1;
  });
const fitted = new FittedExact(model, parameters);
const settings = randomSettings(qubits, 4, key.fold(2));
const bitsOf = (i: number) => Array.from({ length: qubits }, (_, q) => (i >> (qubits - 1 - q)) & 1);

type Layer = { readonly qubits: RbmLayer; readonly coupling: NDArray; readonly bias?: NDArray };

/** The density matrix as Torlai and Melko print it, exp[Γ⁺ + iΓ⁻ + Π] over its trace, by plain loops. */
function printedState(): ComplexMatrix {
  const { modulus, phase } = parameters as unknown as { readonly modulus: Layer; readonly phase: Layer };
  const at = (array: NDArray, i: number) => Number(array.data[i]);
  const gamma = ({ qubits: own }: Layer, bits: readonly number[]) => {
    let sum = 0;
    bits.forEach((bit, q) => {
      sum += bit * at(own.visible, q);
    });
    for (let h = 0; h < units; h++) {
      let field = at(own.hidden, h);
      bits.forEach((bit, q) => {
        field += bit * at(own.weight, q * units + h);
      });
      sum += Math.log1p(Math.exp(field));
    }
    return sum;
  };
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [a, b] = [bitsOf(i), bitsOf(j)];
      let size = 0.5 * (gamma(modulus, a) + gamma(modulus, b));
      let angle = 0.5 * (gamma(phase, a) - gamma(phase, b));
      for (let k = 0; k < environment; k++) {
        let [x, y] = [at(modulus.bias!, k), 0];
        for (let q = 0; q < qubits; q++) {
          x += 0.5 * at(modulus.coupling, q * environment + k) * (a[q]! + b[q]!);
          y += 0.5 * at(phase.coupling, q * environment + k) * (a[q]! - b[q]!);
        }
        // log(1 + e^{x + iy}).
        const [re, im] = [1 + Math.exp(x) * Math.cos(y), Math.exp(x) * Math.sin(y)];
        size += Math.log(Math.hypot(re, im));
        angle += Math.atan2(im, re);
      }
      out.re[i * n + j] = Math.exp(size) * Math.cos(angle);
      out.im[i * n + j] = Math.exp(size) * Math.sin(angle);
    }
  let trace = 0;
  for (let i = 0; i < n; i++) trace += out.re[i * n + i]!;
  return { n, re: out.re.map((v) => v / trace), im: out.im.map((v) => v / trace) };
}

test("P in any setting is Born's rule for the density operator as printed, which is a state", async () => {
  const rho = printedState();
  requireState(rho, "the density operator");
  const p = new BornTree({ qubits, settings }).probabilities(toPauli(rho));
  const rows = settings.length * n;
  const x = arrayFrom(
    "u8",
    [rows, qubits],
    Uint8Array.from({ length: rows * qubits }, (_, i) => bitsOf(Math.floor(i / qubits) % n)[i % qubits]!),
  );
  const axes = Float32Array.from({ length: rows * 3 * qubits }, (_, i) => {
    const row = Math.floor(i / (3 * qubits));
    return settings[Math.floor(row / n)]!.axes[i % (3 * qubits)]!;
  });
  const logProb = await fitted.logProb(x, arrayFrom("f32", [rows, qubits, 3], axes));
  logProb.forEach((l, i) => {
    expect(Math.exp(l)).toBeCloseTo(p[i]!, 5);
  });
  // An entry off the diagonal against the sum over the environment: the fidelity to (|001⟩ + i|110⟩)/√2.
  const known = {
    bits: Uint8Array.of(0, 0, 1, 1, 1, 0),
    re: Float64Array.of(Math.SQRT1_2, 0),
    im: Float64Array.of(0, Math.SQRT1_2),
  };
  const [i, j] = [1, 6];
  const expected = (rho.re[i * n + i]! + rho.re[j * n + j]!) / 2 - rho.im[i * n + j]!;
  expect(await networkFidelity(fitted as never, known)).toBeCloseTo(expected, 6);
});

test("the gradient of the likelihood by all parameters is that of differences", async () => {
  const shots = makeMeasurements(
    {
      qubits,
      bits: Array.from({ length: settings.length * n }, (_, i) => bitsOf(i % n)).flat(),
      setting: Array.from({ length: settings.length * n }, (_, i) => Math.floor(i / n)),
      settings: settings.map(({ axes }) => axes),
    },
    "every outcome",
  );
  const own = interference(shots, { mostRotated: qubits, environment });
  const network = amplitudeNetwork(parameters, model.stateVector!.logAmplitude, {
    bits: own.configurations,
    count: own.count,
  });
  const flat = flattened(parameters);
  const loss = async (x: Float64Array) => {
    const { logModulus, phase } = await network.amplitudes(x);
    return interferenceLoss(own, logModulus, phase, 0);
  };
  const { logModulus, phase } = await network.amplitudes(flat);
  const slopes = { logModulus: new Float64Array(own.count), phase: new Float64Array(own.count) };
  interferenceLoss(own, logModulus, phase, 0, slopes);
  const gradient = await network.pullBack(flat, slopes.logModulus, slopes.phase);
  const h = 1e-5;
  for (let i = 0; i < flat.length; i += 1) {
    const moved = (by: number) => loss(flat.map((v, k) => (k === i ? v + by : v)));
    expect(gradient[i]).toBeCloseTo(((await moved(h)) - (await moved(-h))) / (2 * h), 7);
  }
  await network.release();
});

test("qubits and environment are as many as can be summed over", () => {
  const domain = { space: binary([12]), context: real([12, 3]) };
  expect(() => makeRbmPurified(domain)).toThrow("12 and 4; fit purified");
  expect(makeRbmPurified(domain, { environment: 2 }).family).toBe("rbm-purified");
});
