import { expect, test } from "vitest";
import { type NDArray, ndarray } from "../../../src/array.ts";
import { toDataset } from "../../../src/data/measurements/dataset.ts";
import { makeMeasurements } from "../../../src/data/measurements/make.ts";
import type { Setting } from "../../../src/data/measurements/measurements.ts";
import { binary, categorical, real } from "../../../src/data/space.ts";
import { statePauliMean, stateRenyi } from "../../../src/evaluate/tomography/state-samples.ts";
import { amplitudesOf, knownState, networkFidelity } from "../../../src/evaluate/tomography/state-vector.ts";
import type { ClosedPlayer } from "../../../src/models/contract.ts";
import type { WaveParameters } from "../../../src/models/exact/wave/network-state.ts";
import { makeRbmWave } from "../../../src/models/exact/wave/rbm-wave.ts";
import { makePurified, makeWave } from "../../../src/models/exact/wave/wave.ts";
import { FittedExact } from "../../../src/models/fitted/exact.ts";
import { Key } from "../../../src/random/key.ts";
import { stream } from "../../../src/random/stream.ts";
import { chiSquaredTest } from "../../../src/stats/index.ts";
import { bornProbabilities } from "../../../src/systems/qubits/born.ts";
import { tallyOf } from "../../../src/tomography/counts.ts";
import { interference } from "../../../src/tomography/interference.ts";
import { interferenceLoss } from "../../../src/tomography/interference-loss.ts";
import { maximumLikelihood } from "../../../src/tomography/maximum-likelihood.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { fit } from "../../../src/train/fit.ts";
import { pauliSettings, randomSettings } from "./dense.ts";

const key = Key.fromSeed(51);

/** Every outcome of `qubits` bits, `[2^N, N]`. */
const everyOutcome = (qubits: number) =>
  Uint8Array.from(
    { length: 2 ** qubits * qubits },
    (_, i) => (Math.floor(i / qubits) >> (qubits - 1 - (i % qubits))) & 1,
  );

/** Amplitudes of random moduli and phases, normalised. */
function randomAmplitudes(qubits: number, own: Key) {
  const random = stream(own);
  const a = Float64Array.from({ length: 2 ** qubits }, () => 0.05 + random.uniform());
  const norm = Math.hypot(...a);
  return {
    logModulus: a.map((v) => Math.log(v / norm)),
    phase: a.map(() => 6 * random.uniform()),
  };
}

/** Shots with every outcome of the settings in it, some more often. */
function someShots(settings: readonly Setting[], qubits: number) {
  const all = everyOutcome(qubits);
  const bits: number[] = [];
  const setting: number[] = [];
  settings.forEach((_, s) => {
    for (let a = 0; a < 2 ** qubits; a++)
      for (let k = 0; k < 1 + ((3 * a + s) % 4); k++) {
        bits.push(...all.subarray(a * qubits, (a + 1) * qubits));
        setting.push(s);
      }
  });
  return makeMeasurements({ qubits, bits, setting, settings: settings.map(({ axes }) => axes) }, "some");
}

const qubits = 3;
const settings = [...pauliSettings(qubits), ...randomSettings(qubits, 3, key.fold(1))];

test("the loss of amplitudes is minus the log of Born's probabilities, and white noise acts on rotated qubits alone", () => {
  const shots = someShots(settings, qubits);
  const own = interference(shots, { mostRotated: qubits });
  const { logModulus, phase } = randomAmplitudes(qubits, key.fold(2));
  // Configurations are in the order in which they were met.
  const placed = { logModulus: new Float64Array(own.count), phase: new Float64Array(own.count) };
  const index = (bits: Uint8Array) => bits.reduce((place, bit) => 2 * place + bit, 0);
  for (let k = 0; k < own.count; k++) {
    const at = index(own.configurations.subarray(k * qubits, (k + 1) * qubits));
    placed.logModulus[k] = logModulus[at]!;
    placed.phase[k] = phase[at]!;
  }
  const psi = {
    qubits,
    re: logModulus.map((l, i) => Math.exp(l) * Math.cos(phase[i]!)),
    im: logModulus.map((l, i) => Math.exp(l) * Math.sin(phase[i]!)),
  };
  for (const noise of [0, 0.3, 1]) {
    let expected = 0;
    shots.setting.forEach((s, shot) => {
      const { axes } = settings[s]!;
      const p = bornProbabilities(psi, axes);
      const at = index(shots.bits.subarray(shot * qubits, (shot + 1) * qubits));
      const isZ = (q: number) => axes[3 * q + 2] === 1;
      // The mean of p over what the rotated qubits read.
      let [mean, count] = [0, 0];
      p.forEach((value, other) => {
        const differs = Array.from({ length: qubits }, (_, q) => q).some(
          (q) => isZ(q) && ((at ^ other) >> (qubits - 1 - q)) & 1,
        );
        if (differs) return;
        mean += value;
        count++;
      });
      expected -= Math.log((1 - noise) * p[at]! + (noise * mean) / count) / shots.setting.length;
    });
    expect(interferenceLoss(own, placed.logModulus, placed.phase, noise)).toBeCloseTo(expected, 11);
  }
});

test.each([0, 1])(
  "derivatives of the loss are those of differences, with %i qubits of an environment",
  (environment) => {
    const own = interference(someShots(settings, qubits), { mostRotated: qubits, environment });
    const { logModulus, phase } = randomAmplitudes(Math.log2(own.count), key.fold(3));
    const slopes = { logModulus: new Float64Array(own.count), phase: new Float64Array(own.count) };
    const h = 1e-5;
    for (const noise of [0, 0.4]) {
      interferenceLoss(own, logModulus, phase, noise, slopes);
      for (const part of ["logModulus", "phase"] as const)
        for (let k = 0; k < own.count; k++) {
          const at = (shift: number) => {
            const moved = { logModulus: logModulus.slice(), phase: phase.slice() };
            moved[part][k]! += shift;
            return interferenceLoss(own, moved.logModulus, moved.phase, noise);
          };
          expect(slopes[part][k]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 8);
        }
    }
  },
);

/** Contexts of all settings in turn, each for `each` rows. */
function contexts(kind: "labels" | "axes", own: readonly Setting[], each: number, n: number) {
  const width = kind === "labels" ? n : 3 * n;
  const rows = each * own.length;
  return ndarray(
    "f32",
    [rows, width],
    Float32Array.from({ length: rows * width }, (_, i) => {
      const setting = own[Math.floor(i / width / each)]!;
      return kind === "labels" ? "XYZ".indexOf(setting.name[i % width]!) : setting.axes[i % width]!;
    }),
  );
}

/** Born's probabilities of a fitted model's amplitudes in every setting, by dense algebra. */
async function dense(fitted: FittedExact, own: readonly Setting[], n: number): Promise<Float64Array> {
  const ancillas = fitted.model.stateVector?.mixed?.ancillas ?? 0;
  const { logModulus, phase } = await amplitudesOf(fitted, everyOutcome(n + ancillas));
  const out = new Float64Array(own.length * 2 ** n);
  own.forEach(({ axes }, s) => {
    for (let e = 0; e < 2 ** ancillas; e++) {
      const at = (i: number) => i * 2 ** ancillas + e;
      const re = Float64Array.from(
        { length: 2 ** n },
        (_, i) => Math.exp(logModulus[at(i)]!) * Math.cos(phase[at(i)]!),
      );
      const im = Float64Array.from(
        { length: 2 ** n },
        (_, i) => Math.exp(logModulus[at(i)]!) * Math.sin(phase[at(i)]!),
      );
      bornProbabilities({ qubits: n, re, im }, axes).forEach((p, a) => {
        out[s * 2 ** n + a]! += p;
      });
    }
  });
  return out;
}

test.each([
  ["wave, settings as labels", "wave", "labels", {}],
  ["wave, settings as axes", "wave", "axes", { phase: "table" }],
  ["wave with a fixed number of excitations", "wave", "labels", { excitations: 2 }],
  ["wave without a phase, symmetric", "wave", "labels", { phase: "none", z2: true, symmetry: "reflections" }],
  ["wave of a recurrent network", "wave", "labels", { modulus: "rnn" }],
  ["two Boltzmann machines", "rbm-wave", "axes", {}],
  ["purified", "purified", "axes", { environment: 2 }],
] as const)(
  "%s: P sums to 1 in every setting, is Born's rule, and samples follow it",
  async (_, family, kind, options) => {
    const n = 4;
    const context = kind === "labels" ? categorical([n], 3) : real([n, 3]);
    const own =
      kind === "labels"
        ? pauliSettings(n).filter((__, i) => i % 20 === 0)
        : randomSettings(n, 4, key.fold(4));
    const domain = { space: binary([n]), context };
    const make = { wave: makeWave, "rbm-wave": makeRbmWave, purified: makePurified }[family];
    const sizes = family === "rbm-wave" ? { hidden: 5 } : { hidden: 8, phaseHidden: 6 };
    const model = make(domain, { ...sizes, ...options } as never);
    const parameters = model.init(key.fold(5));
    const table = parameters.phase?.table as NDArray<"f32"> | undefined;
    table?.data.forEach((__, i, all) => {
      all[i] = Math.sin(7 * i);
    });
    await using fitted = new FittedExact(model, parameters);
    const p = await dense(fitted as never, own, n);
    const outcomes = 2 ** n;
    const x = ndarray(
      "u8",
      [own.length * outcomes, n],
      Uint8Array.from({ length: own.length * outcomes * n }, (__, i) => everyOutcome(n)[i % (outcomes * n)]!),
    );
    const logProb = await fitted.logProb(x, contexts(kind, own, outcomes, n));
    own.forEach((__, s) => {
      const part = logProb.subarray(s * outcomes, (s + 1) * outcomes);
      expect(part.reduce((sum, l) => sum + Math.exp(l), 0)).toBeCloseTo(1, 5);
    });
    logProb.forEach((l, i) => {
      expect(Math.exp(l)).toBeCloseTo(p[i]!, 5);
    });
    const each = 600;
    const drawn = await fitted.sample(each * own.length, { seed: 6, context: contexts(kind, own, each, n) });
    const counts = new Float64Array(p.length);
    for (let shot = 0; shot < each * own.length; shot++) {
      let at = Math.floor(shot / each);
      for (let q = 0; q < n; q++) at = 2 * at + Number(drawn.x.data[shot * n + q]);
      counts[at]!++;
      expect(drawn.logProb[shot]).toBeCloseTo(logProb[at]!, 3);
    }
    // Outcomes that cannot be have not been drawn either.
    const possible = Array.from(p.keys()).filter((i) => p[i]! > 1e-12);
    counts.forEach((count, i) => {
      if (p[i]! <= 1e-12) expect(count).toBe(0);
    });
    const { pValue } = chiSquaredTest(
      possible.map((i) => counts[i]!),
      possible.map((i) => (each * own.length * p[i]!) / own.length),
    );
    expect(pValue).toBeGreaterThan(1e-4);
  },
);

test("too many rotated qubits are refused, naming the setting", async () => {
  const model = makeWave({ space: binary([3]), context: categorical([3], 3) }, { rotated: 1 });
  await using fitted = new FittedExact(model, model.init(key));
  const x = ndarray("u8", [1, 3]);
  const context = (labels: readonly number[]) => ndarray("f32", [1, 3], Float32Array.from(labels));
  await expect(fitted.logProb(x, context([2, 0, 1]))).rejects.toThrow(
    "setting ZXY rotates 2 qubits, and an outcome is a sum of 2^2 amplitudes; the model takes up to 1 rotated qubits: " +
      "set rotated=2, or leave the setting out",
  );
  expect((await fitted.logProb(x, context([2, 0, 2])))[0]).toBeLessThan(0);
});

/** Exact draws of a pure state in Pauli settings, `each` a setting. */
function drawnShots(n: number, each: number) {
  const { logModulus, phase } = randomAmplitudes(n, key.fold(7));
  const psi = {
    qubits: n,
    re: logModulus.map((l, i) => Math.exp(l) * Math.cos(phase[i]!)),
    im: logModulus.map((l, i) => Math.exp(l) * Math.sin(phase[i]!)),
  };
  const own = pauliSettings(n);
  const random = stream(key.fold(8));
  const bits: number[] = [];
  const setting: number[] = [];
  own.forEach(({ axes }, s) => {
    const p = bornProbabilities(psi, axes);
    for (let shot = 0; shot < each; shot++) {
      let [u, a] = [random.uniform(), 0];
      while (a < p.length - 1 && u >= p[a]!) u -= p[a++]!;
      bits.push(...everyOutcome(n).subarray(a * n, (a + 1) * n));
      setting.push(s);
    }
  });
  const shots = makeMeasurements(
    { qubits: n, bits, setting, settings: own.map(({ name }) => name) },
    "drawn",
  );
  return { psi, shots };
}

test("the noise of the fit leaves the optimum: a wave fits shots as the pure state of greatest likelihood does", async () => {
  const { psi, shots } = drawnShots(2, 60);
  const dataset = toDataset(shots);
  const all = Uint32Array.from({ length: shots.setting.length }, (_, i) => i);
  const none = new Uint32Array();
  const whole = { ...dataset, splits: { ...dataset.splits, train: all, valid: all, test: none } };
  const best = maximumLikelihood(tallyOf(shots), { rank: 1 });
  const model = makeWave(
    { space: dataset.space, context: dataset.contextSpace },
    { hidden: 12, phase: "table" },
  );
  const fitted = await fit(model, whole, { epochs: 2, schedule: "cosine", seed: 3 }).result();
  const logProb = await fitted.logProb(dataset.x, dataset.context);
  const loss = -logProb.reduce((sum, l) => sum + l, 0);
  expect(Math.abs(loss - best.loss * shots.setting.length)).toBeLessThan(0.05);
  expect(await networkFidelity(fitted as never, knownState(psi))).toBeGreaterThan(0.97);
});

test("a fit that is stopped within its step goes on there with the same bits, over several starts", async () => {
  const { shots } = drawnShots(2, 30);
  const dataset = toDataset(shots);
  const settings = { epochs: 1, schedule: "cosine", seed: 1 } as const;
  const watched = (seen: () => void) => {
    const model = makeWave(
      { space: dataset.space, context: dataset.contextSpace },
      { hidden: 5, phaseHidden: 4, restarts: 2 },
    );
    const objective: NonNullable<typeof model.objective> = (request) => {
      const { players, ...rest } = model.objective!(request);
      const player = players[0] as ClosedPlayer<WaveParameters>;
      const update: typeof player.update = async (at) => {
        const told = await player.update(at);
        seen();
        return told;
      };
      return { ...rest, players: [{ ...player, update }] };
    };
    return { ...model, objective };
  };
  let legs = 0;
  const whole = await fit(
    watched(() => legs++),
    dataset,
    settings,
  ).result();
  const half = Math.floor(legs / 2);
  expect(half).toBeGreaterThan(2);
  const stop = new AbortController();
  let checkpoint: Uint8Array | undefined;
  let taken = 0;
  const stopped = fit(
    watched(() => ++taken === half && stop.abort()),
    dataset,
    settings,
    {
      signal: stop.signal,
      saveCheckpoint: async (bytes) => {
        checkpoint = bytes.slice();
      },
    },
  );
  await expect(stopped.result()).rejects.toThrow("stopped at step 0");
  let more = 0;
  const resumed = await fit(
    watched(() => more++),
    dataset,
    settings,
    { resume: checkpoint },
  ).result();
  expect(more).toBe(legs - half);
  expect(resumed.parameters).toEqual(whole.parameters);
});

test.each(["wave", "purified"] as const)(
  "%s: Pauli means and the purity of a block from draws agree with dense algebra",
  async (family) => {
    const n = 3;
    const domain = { space: binary([n]), context: categorical([n], 3) };
    const sizes = { hidden: 6, phaseHidden: 5 };
    const model =
      family === "wave" ? makeWave(domain, sizes) : makePurified(domain, { ...sizes, environment: 1 });
    await using fitted = new FittedExact(model, model.init(key.fold(9)));
    const ancillas = family === "wave" ? 0 : 1;
    const { logModulus, phase } = await amplitudesOf(fitted as never, everyOutcome(n + ancillas));
    const rho = { n: 2 ** n, re: new Float64Array(4 ** n), im: new Float64Array(4 ** n) };
    const at = (i: number, e: number) => i * 2 ** ancillas + e;
    for (let i = 0; i < 2 ** n; i++)
      for (let j = 0; j < 2 ** n; j++)
        for (let e = 0; e < 2 ** ancillas; e++) {
          const [a, b] = [at(i, e), at(j, e)];
          const size = Math.exp(logModulus[a]! + logModulus[b]!);
          rho.re[i * 2 ** n + j]! += size * Math.cos(phase[a]! - phase[b]!);
          rho.im[i * 2 ** n + j]! += size * Math.sin(phase[a]! - phase[b]!);
        }
    const pauli = toPauli(rho);
    const meanOf = (string: string) =>
      pauli[[...string].reduce((place, letter) => 4 * place + "IXYZ".indexOf(letter), 0)]!;
    const terms = [
      { string: "XIZ", coefficient: 0.7 },
      { string: "YXI", coefficient: -1.3 },
      { string: "IYY", coefficient: 0.4 },
      { string: "ZIZ", coefficient: 1 },
    ];
    for (const own of [terms, ...terms.map((one) => [one])]) {
      const found = await statePauliMean(fitted as never, own, { samples: 4000, seed: 2 });
      const exact = own.reduce((sum, { string, coefficient }) => sum + coefficient * meanOf(string), 0);
      // One of ten comparisons beyond 4 errors has a probability below 1e-3.
      expect(Math.abs(found.value - exact)).toBeLessThan(4 * found.error);
      expect(found.error).toBeLessThan(0.1);
    }
    // Tr ρ_A² of qubits 0 and 2 by their Pauli coefficients.
    const letters = [..."IXYZ"];
    const exact = letters
      .flatMap((a) => letters.map((b) => meanOf(`${a}I${b}`) ** 2 / 4))
      .reduce((a, b) => a + b);
    const { purity, entropy } = await stateRenyi(fitted as never, [0, 2], { samples: 4000, seed: 3 });
    expect(Math.abs(purity.value - exact)).toBeLessThan(4 * purity.error);
    expect(entropy.value).toBeCloseTo(-Math.log(purity.value), 12);
  },
);
