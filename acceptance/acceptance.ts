import type { Dataset, Estimate, FittedExact } from "ansatz";
import { fit, makeMade } from "ansatz";
import type { ExactModel } from "ansatz/models";
import { type FitOptions, formatMeasure, type Measure } from "ansatz/train";

/** What an acceptance run may use: its data, and a place to print. */
export interface Surroundings {
  /** Path of a file in the data folder; throws one clear line where the folder or the file is missing. */
  file(name: string): string;
  print(line: string): void;
}

/** The result of one seed: a number with its error, and what it cost. */
export interface SeedResult {
  readonly seed: number;
  readonly result: Estimate;
  /** Further findings, in words. */
  readonly notes?: string;
  /** What must hold besides the bar, in words, and whether it does. */
  readonly checks?: readonly (readonly [text: string, held: boolean])[];
  readonly cost: Cost;
}

/** Seconds by the clock, and of the processor over all threads: the second does not depend on who else is computing. */
export interface Cost {
  readonly wall: number;
  readonly processor: number;
}

/** A bar that the mean over seeds must reach. */
export interface Bar {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One claim about the product, measured over several seeds. */
export interface Acceptance {
  readonly name: string;
  /** One line: what is measured, in which unit. */
  readonly summary: string;
  /** Settings as they are printed. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  /** What the mean over seeds must reach; without one the run only informs. */
  readonly bar?: Bar;
  /** Processor seconds that no seed's fit may exceed: on an idle machine, its time by the clock. */
  readonly secondsAtMost?: number;
  measure(seed: number, surroundings: Surroundings): Promise<SeedResult>;
}

type Hyperparameters = Parameters<typeof makeMade>[1];

/** Fits a MADE to a dataset through the library, as a user would, and says what that cost. */
export function fitMade(
  dataset: Dataset,
  hyperparameters: Hyperparameters,
  options: FitOptions,
): Promise<{ model: FittedExact; epochs: string; cost: Cost }> {
  return fitModel(makeMade({ space: dataset.space }, hyperparameters), dataset, options);
}

/** Fits a model to a dataset, says what that cost, and prints every epoch where it is given a place to. */
export async function fitModel(
  definition: ExactModel,
  dataset: Dataset,
  options: FitOptions,
  print?: (line: string) => void,
): Promise<{ model: FittedExact; epochs: string; cost: Cost }> {
  let epochs = "";
  const { value: model, cost } = await timed(() =>
    fit(definition, dataset, options).result((event) => {
      if (event.type === "done") epochs = `best epoch ${event.best} of ${event.round}`;
      if (event.type === "round")
        print?.(
          `epoch ${event.round}: ${(Object.values(event.losses)[0] as number).toFixed(3)} on training rows, ` +
            `${formatMeasure(event.measures.NLL as Measure)} on validation rows, after ${event.seconds.toFixed(0)} s`,
        );
    }),
  );
  return { model, epochs, cost };
}

/** Runs a piece of work and measures its time. */
export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; cost: Cost }> {
  const began = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, cost: { wall: (performance.now() - began) / 1000, processor: (user + system) / 1e6 } };
}
