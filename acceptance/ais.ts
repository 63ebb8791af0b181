import { Key } from "ansatz";
import { bracketLogZ, exactLogZ, makeRbm } from "ansatz/models";
import { normal } from "ansatz/random";
import { type Acceptance, timed } from "./acceptance.ts";

const sites = 16;
const hidden = 16;
const trials = 100;
/** Standard deviation of couplings and fields of the machine of each seed: from warm to cold. */
const scales: Readonly<Record<number, number>> = { 1: 0.5, 2: 1, 3: 2 };

/** An RBM of random couplings that can be enumerated. */
function machine(seed: number) {
  const model = makeRbm({ space: { kind: "binary", shape: [sites] } }, { hidden });
  const key = Key.fromSeed(seed);
  const start = model.init(key);
  const random = (shape: readonly number[], i: number) => {
    const data = normal(
      key.fold(i),
      shape.reduce((a, b) => a * b),
      "f32",
    );
    return { dtype: "f32", shape, data: data.map((z) => z * (scales[seed] ?? 1)) } as const;
  };
  const parameters = {
    ...start,
    weight: random([sites, hidden], 1),
    visible: { bias: random([sites], 2) },
    hidden: { bias: random([hidden], 3) },
  };
  return { model, parameters };
}

/** What annealed importance sampling promises of log Z, where it can be checked. */
export const ais: Acceptance = {
  name: "ais",
  summary: `RBM ${sites}×${hidden} of random couplings: share of ${trials} brackets of log Z that hold the exact value`,
  settings: { chains: 100, temperatures: 100, "couplings of seeds 1, 2, 3": Object.values(scales) },
  seeds: [1, 2, 3],
  bar: { atLeast: 0.9 },
  async measure(seed) {
    const { model, parameters } = machine(seed);
    const exact = await exactLogZ(model, parameters);
    const key = Key.fromSeed(1000 + seed);
    const bracket = (k: number, temperatures: number, exactStart: boolean) =>
      bracketLogZ(model, parameters, { key: key.fold(k), chains: 100, temperatures, exactStart, threads: 1 });
    const { value, cost } = await timed(async () => {
      const held = { exact: 0, chains: 0 };
      for (let trial = 0; trial < trials; trial++)
        for (const start of ["exact", "chains"] as const) {
          const { interval } = await bracket(trial, 100, start === "exact");
          if (interval[0] <= exact && exact <= interval[1]) held[start]++;
        }
      const errors: number[] = [];
      for (const temperatures of [100, 1000, 10_000])
        errors.push((await bracket(trials, temperatures, false)).lower.error);
      return { held, errors };
    });
    const { held, errors } = value;
    const share = Math.min(held.exact, held.chains) / trials;
    return {
      seed,
      result: { value: share, error: Math.sqrt((share * (1 - share)) / trials) },
      notes:
        `held ${held.exact} times from exact starts, ${held.chains} from chains; error of log Z ` +
        `${errors.map((e) => e.toFixed(4)).join(", ")} at 10², 10³, 10⁴ temperatures`,
      checks: [
        [`90 of ${trials} brackets or more hold from either start`, share >= 0.9],
        [
          "the error shrinks from 10² to 10³ to 10⁴ temperatures",
          errors.every((e, i) => i === 0 || e < (errors[i - 1] ?? 0)),
        ],
      ],
      cost,
    };
  },
};
