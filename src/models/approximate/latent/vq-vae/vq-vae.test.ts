import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../../array.ts";
import { binary } from "../../../../data/space.ts";
import { Key } from "../../../../random/key.ts";
import { chiSquaredSurvival } from "../../../../stats/index.ts";
import { FittedBounded } from "../../../fitted/bounded.ts";
import { FittedExact } from "../../../fitted/exact.ts";
import { fitted } from "../../../fitted/fitted.ts";
import { createModel } from "../../../registry.ts";

/** Two codes of 2 · 3 states for rows of eight bits: 36 codes are all there are. */
const model = createModel("vq-vae", binary([8]), { levels: [2, 3], codes: 2, hidden: [16], prior: "made" });
const parameters = model.init(Key.fromSeed(3));
const rows = arrayFrom(
  "u8",
  [256, 8],
  Array.from({ length: 256 * 8 }, (_, i) => ((i >> 3) >> (i % 8)) & 1),
);
const codes = arrayFrom(
  "u8",
  [36, 2],
  Array.from({ length: 36 }, (_, i) => [Math.floor(i / 6), i % 6]).flat(),
);

/** log P(z) + log P(x | z) of all rows and codes, in double precision: `[36][256]`. */
async function joint(): Promise<number[][]> {
  const prior = new FittedExact(model.prior.model, parameters.prior);
  const logPrior = await prior.logProb(codes);
  await prior.release();
  const logits = await decodedLogits();
  return Array.from({ length: 36 }, (_, z) =>
    Array.from({ length: 256 }, (_, row) => {
      let sum = logPrior[z] as number;
      for (let i = 0; i < 8; i++) {
        const [x, l] = [rows.data[8 * row + i] as number, logits[8 * z + i] as number];
        sum -= Math.log1p(Math.exp(x ? -l : l));
      }
      return sum;
    }),
  );
}

/** The logits of the sites given each code, by plain loops over the decoder's layers. */
async function decodedLogits(): Promise<number[]> {
  const { network, bias } = parameters.decoder as unknown as {
    network: { layers: { weight: NDArray<"f32">; bias?: NDArray<"f32"> }[] };
    bias: NDArray<"f32">;
  };
  return Array.from({ length: 36 }, (_, z) => {
    // Levels of 2 are at −1 and 0, those of 3 at −1, 0 and 1.
    let h = [Math.floor(z / 6), z % 6].flatMap((code) => [Math.floor(code / 3) - 1, (code % 3) - 1]);
    network.layers.forEach(({ weight, bias: b }, layer) => {
      const [inputs, outputs] = weight.shape as [number, number];
      h = Array.from({ length: outputs }, (_, o) => {
        let sum = b ? (b.data[o] as number) : 0;
        for (let i = 0; i < inputs; i++) sum += (h[i] as number) * (weight.data[i * outputs + o] as number);
        return layer < network.layers.length - 1 ? sum / (1 + Math.exp(-sum)) : sum;
      });
    });
    return h.map((v, i) => v + (bias.data[i] as number));
  }).flat();
}

const logSumExp = (values: readonly number[]) => {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, v) => sum + Math.exp(v - most), 0));
};

/** Codes that differ from code number `z` by one level of one number. */
const neighbours = (z: number) => {
  const digits = (n: number) => [Math.floor(n / 6), n % 6].flatMap((c) => [Math.floor(c / 3), c % 3]);
  const own = digits(z);
  return Array.from({ length: 36 }, (_, n) => n).filter(
    (n) => digits(n).reduce((sum, d, i) => sum + Math.abs(d - (own[i] as number)), 0) === 1,
  );
};

test("the bound lies between the term of the own code and log P of the row, and means the sum over near codes", async () => {
  const terms = await joint();
  const handle = new FittedBounded(model, parameters);
  const own = await handle.coder.encode(rows);
  const draws = 200;
  const each = await Promise.all(
    Array.from({ length: draws }, (_, k) => handle.bound(rows, { key: Key.fromSeed(k + 1) })),
  );
  await handle.release();
  let total = 0;
  const z: number[] = [];
  for (let row = 0; row < 256; row++) {
    const code = 6 * (own.data[2 * row] as number) + (own.data[2 * row + 1] as number);
    const of = (n: number) => (terms[n] as number[])[row] as number;
    const exact = logSumExp(Array.from({ length: 36 }, (_, n) => of(n)));
    const near = logSumExp([code, ...neighbours(code)].map(of));
    total += Math.exp(exact);
    const drawn = each.map((values) => values[row] as number);
    expect(Math.min(...drawn)).toBeGreaterThan(of(code) - 1e-4);
    expect(near).toBeLessThan(exact + 1e-9);
    const weights = drawn.map((b) => Math.exp(b - near));
    const mean = weights.reduce((s, w) => s + w, 0) / draws;
    const variance = weights.reduce((s, w) => s + (w - mean) ** 2, 0) / (draws - 1);
    z.push((mean - 1) / Math.sqrt(variance / draws));
  }
  // Rows are independent of one another neither in code nor in key: their z-scores are looked at one by one, at p = 1e-6 in all.
  expect(Math.max(...z.map(Math.abs))).toBeLessThan(6);
  expect(total).toBeCloseTo(1, 4);
});

test("rows are drawn by the exact P of each", async () => {
  const terms = await joint();
  const handle = fitted(model, parameters);
  const n = 20_000;
  const { x } = await handle.sample(n, { seed: 5 });
  await handle.release();
  const counts = new Float64Array(256);
  for (let row = 0; row < n; row++) {
    let state = 0;
    for (let i = 0; i < 8; i++) state += (x.data[8 * row + i] as number) << i;
    (counts[state] as number) += 1;
  }
  let chi2 = 0;
  for (let row = 0; row < 256; row++) {
    const p = Math.exp(logSumExp(terms.map((of) => of[row] as number)));
    chi2 += ((counts[row] as number) - n * p) ** 2 / (n * p);
  }
  expect(chiSquaredSurvival(chi2, 255)).toBeGreaterThan(1e-4);
});

test("what cannot be coded is refused in a line", () => {
  const make =
    (options: object, shape = [6, 6]) =>
    () =>
      createModel("vq-vae", binary(shape), options);
  expect(make({ levels: [16, 16, 17] })).toThrow(
    "levels 16,16,17 are 4352 states of a code; take at most 4096",
  );
  expect(make({ patch: 4 })).not.toThrow();
  expect(make({ network: "convolutional", patch: 4 })).toThrow("patches of 4x4 do not divide rows of 6x6");
  expect(make({ network: "dense", codes: 37 })).toThrow("37 codes for 36 sites; take codes=36 or fewer");
});
