import { type NDArray, ndarray, real } from "ansatz";
import { hotelling, type Judgement, judge, type RowSet, rowFeatures, testGroups } from "ansatz/evaluate";
import { Key, normal } from "ansatz/random";
import { kolmogorovTest } from "ansatz/stats";
import { type Acceptance, timed } from "./acceptance.ts";
import { gaussianTestMaps, lognormalTestMaps, type Maps, mapped, smoothedRows } from "./maps.ts";

const space = (x: NDArray) => real(x.shape.slice(1));

/** The tests of rows of one set against those of another, without the network. */
async function judged(
  real: RowSet,
  candidate: RowSet,
  options: Parameters<typeof judge>[1] = {},
): Promise<Judgement> {
  return judge({ space: space(real.x), real, candidates: [candidate] }, { network: false, ...options });
}

/** Crops of one map for each parent: side 24 cut into four of 12. */
function crops(seed: number, parents: number): RowSet {
  const maps = gaussianTestMaps(seed, parents, 24);
  const out = new Float32Array(maps.data.length);
  let to = 0;
  for (let p = 0; p < parents; p++)
    for (let quarter = 0; quarter < 4; quarter++)
      for (let i = 0; i < 12; i++)
        for (let j = 0; j < 12; j++) {
          const [y, x] = [i + 12 * (quarter >> 1), j + 12 * (quarter & 1)];
          out[to++] = maps.data[(p * 24 + y) * 24 + x]!;
        }
  const parent = Int32Array.from({ length: 4 * parents }, (_, row) => row >> 2);
  return { name: "crops", x: ndarray("f32", [4 * parents, 12, 12], out), parent };
}

/** Rows of Markov chains that forget 20 % a step, four rows a chain. */
function chains(seed: number, count: number): RowSet {
  const fresh = gaussianTestMaps(seed, 4 * count, 12);
  const out = fresh.data.slice();
  const size = 144;
  for (let row = 0; row < 4 * count; row++)
    if (row % 4 > 0)
      for (let i = 0; i < size; i++)
        out[row * size + i] = 0.8 * out[(row - 1) * size + i]! + 0.6 * fresh.data[row * size + i]!;
  const parent = Int32Array.from({ length: 4 * count }, (_, row) => row >> 2);
  return { name: "chains", x: ndarray("f32", fresh.shape, out), parent };
}

/** Sets of rows whose p-values must be uniform, by name. */
export const equalSets: Readonly<Record<string, (seed: number) => RowSet>> = {
  rows: (seed) => ({ name: "rows", x: gaussianTestMaps(seed, 100, 12) }),
  crops: (seed) => crops(seed, 40),
  chains: (seed) => chains(seed, 40),
};

/** The p-values of every test over repeats of two equal sets, by test. */
export async function equalPValues(
  make: (seed: number) => RowSet,
  repeats: number,
  permutations = 199,
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (let i = 0; i < repeats; i++) {
    const { candidates } = await judged(
      make(2 * i),
      { ...make(2 * i + 1), name: "others" },
      { permutations, seed: i },
    );
    for (const { test, on, log10P } of candidates[1]!.tests) {
      if (log10P === undefined) continue;
      const key = `${test}, ${on}`;
      found.set(key, [...(found.get(key) ?? []), 10 ** log10P]);
    }
  }
  return found;
}

const uniform = (name: string): Acceptance => ({
  name: `judge-uniform-${name}`,
  summary: `two-sample tests of real rows against real rows (${name}): the smallest KS p-value of 200 p-values of each test`,
  settings: { repeats: 200, permutations: 199 },
  seeds: [0],
  async measure(seed) {
    const { value, cost } = await timed(() => equalPValues(equalSets[name]!, 200));
    const ks = [...value].map(([test, p]) => [test, kolmogorovTest(p, (u) => u).pValue] as const);
    const worst = ks.reduce((a, b) => (b[1] < a[1] ? b : a));
    return {
      seed,
      result: { value: worst[1], error: Number.NaN },
      notes: ks.map(([test, p]) => `${test} ${p.toPrecision(2)}`).join("; "),
      checks: ks.map(([test, p]) => [`${test}: KS p = ${p.toPrecision(2)} > 0.001`, p > 0.001] as const),
      cost,
    };
  },
});

const p = ({ candidates }: Judgement, test: string) =>
  Math.min(...candidates[1]!.tests.filter((t) => t.test === test).map(({ log10P }) => log10P ?? 0));

/** Gaussian maps with the mean and variance of lognormal ones. */
const lookalike = (seed: number, rows: number): Maps => {
  const deviation = Math.sqrt(Math.exp(0.25) * (Math.exp(0.25) - 1));
  return mapped(gaussianTestMaps(seed, rows), (g) => deviation * g);
};

const lognormal: Acceptance = {
  name: "judge-lognormal",
  summary:
    "Gaussian against lognormal maps 32×32, 250 against 250: log10 p of Hotelling's test, the best group",
  settings: { rows: 250 },
  seeds: [1, 2, 3],
  bar: { atMost: -6 },
  async measure(seed) {
    const real = { name: "lognormal", x: lognormalTestMaps(10 * seed, 250) };
    const { value, cost } = await timed(() =>
      judged(real, { name: "Gaussian", x: lookalike(10 * seed + 1, 250) }),
    );
    return { seed, result: { value: p(value, "Hotelling T²"), error: Number.NaN }, cost };
  },
};

/** Tests with a p-value that `judge` makes of maps, about: for a bound of Bonferroni. */
const tests = 30;

/** A spectrum that is 2 % too high in maps of one kind, by Hotelling's tests as `judge` makes them. */
const amplitude = (kind: string, make: (seed: number, rows: number) => Maps): Acceptance => ({
  name: `judge-amplitude-${kind}`,
  summary: `a power spectrum 2 % too high, 2000 against 2000 ${kind} maps 32×32: the share of seeds with p < 1e-4 by Hotelling's test of spectrum or observables, after Bonferroni over ${tests} tests`,
  settings: { rows: 2000 },
  seeds: Array.from({ length: 20 }, (_, i) => i + 1),
  bar: { atLeast: 0.9 },
  async measure(seed) {
    const { value: found, cost } = await timed(async () => {
      const x = make(1000 + 2 * seed, 2000);
      const louder = mapped(make(1001 + 2 * seed, 2000), (v) => Math.sqrt(1.02) * v);
      const rows = testGroups({ name: "maps", rows: 2000 }, { name: "louder", rows: 2000 });
      const { groups } = rowFeatures(space(x), x);
      return groups
        .filter(({ name }) => name === "spectrum" || name === "observables")
        .map(({ name, of }) => [name, hotelling(of(x), of(louder), rows).log10P] as const);
    });
    const best = Math.min(...found.map(([, log10P]) => log10P)) + Math.log10(tests);
    return {
      seed,
      result: { value: best < -4 ? 1 : 0, error: Number.NaN },
      notes: `log10 p of ${found.map(([name, log10P]) => `${name} ${log10P.toFixed(1)}`).join(", ")}`,
      cost,
    };
  },
});

/** The power of a lognormal map varies so much from map to map that the spectrum alone does not tell 2 %; observables do. */
const amplitudes = [amplitude("gaussian", gaussianTestMaps), amplitude("lognormal", lognormalTestMaps)];

/** Verdicts on a good, a memorising and a smoothing sampler of lognormal maps. */
export async function copyVerdicts(seed: number, rows: number): Promise<(string | undefined)[]> {
  const x = lognormalTestMaps(3 * seed, rows);
  const noise = normal(Key.fromSeed(seed), x.data.length, "f32");
  const candidates = [
    { name: "good", x: lognormalTestMaps(3 * seed + 1, rows) },
    {
      name: "memorised",
      x: ndarray(
        "f32",
        x.shape,
        x.data.map((v, i) => v + 0.02 * noise[i]!),
      ),
    },
    { name: "smooth", x: smoothedRows(lognormalTestMaps(3 * seed + 2, rows)) },
  ];
  const { candidates: found } = await judge(
    { space: space(x), real: { name: "real", x }, candidates },
    { network: false, permutations: 19 },
  );
  return found.map(({ nearest }) => nearest?.verdict);
}

const copies: Acceptance = {
  name: "judge-copies",
  summary: "a memorising and a smoothing sampler told from a good one by nearest neighbours: share of seeds",
  settings: { rows: 200, noise: 0.02 },
  seeds: Array.from({ length: 20 }, (_, i) => i + 1),
  bar: { atLeast: 1 },
  async measure(seed) {
    const { value, cost } = await timed(() => copyVerdicts(seed, 200));
    const right = value.join() === "as real,as real,memorised,too far";
    return { seed, result: { value: right ? 1 : 0, error: Number.NaN }, notes: value.join(", "), cost };
  },
};

const time: Acceptance = {
  name: "judge-time",
  summary: "all tests of 500 maps 32×32 against 500, the network too: smallest p-value after Bonferroni",
  settings: { rows: 500 },
  seeds: [1],
  secondsAtMost: 20,
  async measure(seed) {
    const x = lognormalTestMaps(1, 500);
    const other = lognormalTestMaps(2, 500);
    const { value, cost } = await timed(() =>
      judged({ name: "real", x }, { name: "others", x: other }, { network: true, threads: 1 }),
    );
    return { seed, result: { value: value.candidates[1]!.log10P, error: Number.NaN }, cost };
  },
};

/** Claims about two-sample tests. */
export const judging: readonly Acceptance[] = [
  ...Object.keys(equalSets).map(uniform),
  lognormal,
  ...amplitudes,
  copies,
  time,
];
