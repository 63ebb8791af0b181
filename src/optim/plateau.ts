import { checkInteger, checkPositive, checkRange } from "./check.ts";

/** Options of {@link plateau}. */
export interface PlateauOptions {
  /** Factor on the learning rate when progress stops; 0.5. */
  readonly factor?: number;
  /** Observations without progress that are borne before that; 5. */
  readonly patience?: number;
  /**
   * Minimum improvement on the best observation that counts as progress, in the metric's units (default 0).
   */
  readonly minDelta?: number;
  /** Smallest scale that is ever reached; 1e-3. */
  readonly minScale?: number;
}

/** State of a {@link Plateau}: plain data for a checkpoint. */
export interface PlateauState {
  /** Factor on the learning rate of whatever schedule is in use. */
  readonly scale: number;
  /** Smallest metric seen; null before the first. */
  readonly best: number | null;
  /** Observations since the best one or the last reduction. */
  readonly stale: number;
}

/** Reduces the learning rate when a metric that should fall stops falling. */
export interface Plateau {
  /** The state before the first observation. */
  readonly initial: PlateauState;
  /** The state after one more observation. A NaN is no progress. */
  observe(state: PlateauState, metric: number): PlateauState;
}

/**
 * A reduction of the learning rate on plateaus, as a pure function from state to state: the rate of a step is
 * `schedule(step) * state.scale`.
 *
 * @throws AnsatzError (`usage`) for an option out of range.
 */
export function plateau(options: PlateauOptions = {}): Plateau {
  const { factor = 0.5, patience = 5, minDelta = 0, minScale = 1e-3 } = options;
  checkPositive("plateau: factor", factor);
  checkRange("plateau: factor", factor, 0, 1);
  checkInteger("plateau: patience", patience, 0);
  checkRange("plateau: minDelta", minDelta, 0);
  checkRange("plateau: minScale", minScale, 0);
  return {
    initial: { scale: 1, best: null, stale: 0 },
    observe({ scale, best, stale }, metric) {
      if (metric < (best ?? Number.POSITIVE_INFINITY) - (best === null ? 0 : minDelta))
        return { scale, best: metric, stale: 0 };
      if (stale < patience) return { scale, best, stale: stale + 1 };
      return { scale: Math.min(scale, Math.max(scale * factor, minScale)), best, stale: 0 };
    },
  };
}
