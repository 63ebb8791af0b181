import { Key } from "ansatz";
import { type Acceptance, timed } from "../acceptance.ts";
import { coverageRows, type Found, jointPValue, rowText } from "./table.ts";

/** Estimates of one kind of use of a command, repeated with keys of their own. */
export interface Experiment {
  /** What is estimated from what, as a prefix of the names of its estimates. */
  readonly name: string;
  /** How often it is repeated (default 1000); less where one repetition takes more than 30 ms. */
  readonly repetitions?: number;
  /** Gets ready once, and returns what is done again and again. */
  prepare(): Promise<(key: Key) => Promise<Found>>;
}

const repetitions = 1000;
/** Repetitions of an experiment that takes long. */
export const fewer = 200;

/** Repeats an experiment. */
export async function repeated({ prepare }: Experiment, seed: number, count: number): Promise<Found[]> {
  const once = await prepare();
  const found: Found[] = [];
  for (let n = 0; n < count; n++) found.push(await once(Key.fromSeed(seed).fold(n)));
  return found;
}

/** A run over the estimates that one command prints. */
export function coverage(command: string, experiments: readonly Experiment[]): Acceptance {
  return {
    name: `coverage-${command}`,
    summary: `Coverage of the estimates of ${command}: largest error, as a share of the true spread`,
    settings: { repetitions, fewer },
    seeds: [1],
    bar: { atMost: 1.5 },
    async measure(seed, { print }) {
      const { value: rows, cost } = await timed(async () => {
        const all = [];
        for (const experiment of experiments) {
          const own = coverageRows(await repeated(experiment, seed, experiment.repetitions ?? repetitions));
          for (const row of own)
            print(`${experiment.name}: ${rowText(row)} of ${experiment.repetitions ?? repetitions}`);
          all.push(...own);
        }
        return all;
      });
      const p = jointPValue(rows);
      const unknown = Math.max(...rows.map((row) => row.unknown));
      return {
        seed,
        result: { value: Math.max(...rows.map(({ ratio }) => ratio)), error: Number.NaN },
        checks: [
          [
            `joint p ${p.toPrecision(2)} of ${2 * rows.length} fractions within 1 and 2 errors, at least 0.01`,
            p >= 0.01,
          ],
          [`unknown ${unknown.toFixed(3)}, at most 0.05`, unknown <= 0.05],
        ],
        cost,
      };
    },
  };
}
