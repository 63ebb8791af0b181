import { describe, expect, test } from "vitest";
import { uniformConfusion } from "../../../src/data/measurements/confusion.ts";
import { Key } from "../../../src/random/key.ts";
import { uniform } from "../../../src/random/uniform.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { withCounts } from "../../../src/tomography/counts.ts";
import { factoredLoss } from "../../../src/tomography/factored.ts";
import { fromPauli, toPauli } from "../../../src/tomography/pauli.ts";
import { mirroredState, overlap } from "../../../src/tomography/states.ts";
import { effect, pauliSettings, randomSettings, randomState } from "./dense.ts";

const name = "shots";
const key = Key.fromSeed(11);

/** Random axes, Pauli letters, and both with two settings that are the same, with and without readout errors. */
const cases = [1, 2, 3, 4].flatMap((qubits) =>
  [undefined, uniformConfusion(qubits, 0.03, 0.08)].flatMap((confusion) =>
    (["axes", "letters"] as const).map((kind) => {
      const own = kind === "axes" ? randomSettings(qubits, 6, key.fold(qubits)) : pauliSettings(qubits);
      return { qubits, confusion, kind, settings: [...own, own[0]!] };
    }),
  ),
);

describe.each(cases)("$qubits qubits, $kind", ({ qubits, confusion, settings }) => {
  const rho = randomState(qubits, key.fold(20 + qubits));
  const x = toPauli(rho);
  const tree = new BornTree({ qubits, settings, confusion });
  const outcomes = 2 ** qubits;

  test("probabilities are those of dense algebra, and sum to 1 in each setting", () => {
    const p = tree.probabilities(x);
    settings.forEach((setting, s) => {
      const own = Array.from({ length: outcomes }, (_, a) =>
        overlap(rho, effect(setting, qubits, a, confusion)),
      );
      own.forEach((value, a) => {
        expect(p[s * outcomes + a]).toBeCloseTo(value, 13);
      });
      expect(p.subarray(s * outcomes, (s + 1) * outcomes).reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 13);
    });
  });

  test("the gradients are those of central differences", () => {
    const counts = uniform(key.fold(3), settings.length * outcomes, "f64").map((u) => Math.floor(8 * u));
    const data = withCounts({ qubits, settings, confusion, name }, counts);
    const slopes = new Float64Array(x.length);
    tree.loss(x, data, slopes);
    const loss = factoredLoss(tree, data);
    const a = uniform(key.fold(4), 2 * outcomes * outcomes, "f64").map((u) => u - 0.4);
    const own = new Float64Array(a.length);
    loss(a, own);
    for (let i = 1; i < x.length; i += Math.ceil(x.length / 9)) {
      const at = (step: number) =>
        tree.loss(
          Float64Array.from(x, (v, j) => (j === i ? v + step : v)),
          data,
        );
      expect(slopes[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
    }
    for (let i = 0; i < a.length; i += Math.ceil(a.length / 9)) {
      const at = (step: number) =>
        loss(
          Float64Array.from(a, (v, j) => (j === i ? v + step : v)),
          new Float64Array(a.length),
        );
      expect(own[i]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 6);
    }
  });

  test("the transpose: Σ w p(x) is (transposed w) · x", () => {
    const w = uniform(key.fold(5), settings.length * outcomes, "f64");
    const p = tree.probabilities(x);
    const direct = w.reduce((sum, v, i) => sum + v * p[i]!, 0);
    expect(tree.transposed(w).reduce((sum, v, i) => sum + v * x[i]!, 0)).toBeCloseTo(direct, 11);
  });

  test("Pauli coefficients give their state back", () => {
    const back = fromPauli(x);
    for (let i = 0; i < back.re.length; i++) {
      expect(back.re[i]).toBeCloseTo(rho.re[i]!, 14);
      expect(back.im[i]).toBeCloseTo(rho.im[i]!, 14);
    }
  });
});

test("the two orders of qubits are mirror images: the mirrored state in mirrored settings gives mirrored bits", () => {
  const qubits = 3;
  const settings = randomSettings(qubits, 5, key.fold(7));
  const turned = settings.map((setting) => ({
    ...setting,
    axes: Float64Array.from([2, 1, 0].flatMap((q) => [...setting.axes.subarray(3 * q, 3 * q + 3)])),
  }));
  const rho = randomState(qubits, key.fold(8));
  const p = new BornTree({ qubits, settings }).probabilities(toPauli(rho));
  const mirrored = new BornTree({ qubits, settings: turned }).probabilities(toPauli(mirroredState(rho)));
  for (let s = 0; s < 5; s++)
    for (let a = 0; a < 8; a++) {
      const back = ((a & 1) << 2) | (a & 2) | (a >> 2);
      expect(mirrored[8 * s + back]).toBeCloseTo(p[8 * s + a]!, 13);
    }
});
