import type { SimulationProgress } from "../../systems/index.ts";
import type { Progress } from "./progress.ts";

/** Seconds before a rate is shown. */
const settled = 0.5;

/** The progress of a simulation in several parts: how far they are together, and how many sites are updated a nanosecond. */
export class SimulationMeter {
  readonly #progress: Progress;
  #parts: { fraction: number; updates: number; last: number | undefined }[] = [];
  #began = performance.now();

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** Starts the clock of `parts` parts. */
  begin(parts: number): void {
    this.#parts = Array.from({ length: parts }, () => ({ fraction: 0, updates: 0, last: undefined }));
    this.#began = performance.now();
  }

  /** Takes the progress of one part. */
  update(part: number, { phase, done, total, updates }: SimulationProgress): void {
    const own = this.#parts[part]!;
    if (phase === "sampling") own.fraction = done / total;
    if (updates !== undefined) {
      // A part that goes on counts what it did before, and one that begins anew with another sampler counts from nothing.
      own.updates += Math.max(0, updates - (own.last ?? updates));
      own.last = updates;
    }
    const several = this.#parts.length > 1;
    const fraction = several
      ? this.#parts.reduce((sum, one) => sum + one.fraction, 0) / this.#parts.length
      : done / total;
    const complete = this.#parts.filter((one) => one.fraction === 1).length;
    const details = several
      ? [`${complete} of ${this.#parts.length} parts`, ...this.#rate()]
      : [phase, `${done} of ${total}`, ...this.#rate()];
    this.#progress.update({ fraction, details });
  }

  /** Marks one part as done. */
  done(part: number): void {
    this.#parts[part]!.fraction = 1;
  }

  end(): void {
    this.#progress.end();
  }

  #rate(): string[] {
    const seconds = (performance.now() - this.#began) / 1000;
    const updates = this.#parts.reduce((sum, one) => sum + one.updates, 0);
    if (updates === 0 || seconds < settled) return [];
    return [`${(updates / seconds / 1e9).toPrecision(2)} flips/ns`];
  }
}
