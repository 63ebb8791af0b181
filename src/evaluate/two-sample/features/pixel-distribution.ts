import { type MakeMapStatistic, valuesOf } from "./map.ts";
import { coarseLevels } from "./scale.ts";

/** Between these quantiles of the reference the levels lie: near the edges too, where distributions differ most. */
const levelQuantiles = [0.005, 0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.98, 0.995] as const;
/** As many values or fewer are states, each with its own frequency. */
const fewValues = 8;

/**
 * The fraction of pixels between levels, or of each state but the last: the whole distribution of pixels,
 * without their positions.
 */
export const pixelDistribution: MakeMapStatistic = (_, reference) => {
  const all = valuesOf(reference);
  const states = distinct(all);
  if (states) {
    const few = states.slice(0, Math.max(1, states.length - 1));
    return {
      at: few,
      names: few.map((v) => `fraction at ${v.toFixed(2)}`),
      write(map, out, at) {
        few.forEach((state, i) => {
          let count = 0;
          for (const value of map) if (Math.abs(value - state) < 1e-9) count++;
          out[at + i] = count / map.length;
        });
      },
    };
  }
  const levels = coarseLevels(all, levelQuantiles);
  return {
    at: levels.map((level, i) => (i === 0 ? level : (level + levels[i - 1]!) / 2)),
    names: levels.map((level, i) => (i === 0 ? `below ${level}` : `${levels[i - 1]} to ${level}`)),
    write(map, out, at) {
      out.fill(0, at, at + levels.length);
      for (const value of map) {
        let i = 0;
        while (i < levels.length && value >= levels[i]!) i++;
        // The fraction above the last level follows from the others.
        if (i < levels.length) out[at + i] = out[at + i]! + 1 / map.length;
      }
    },
  };
};

/** The values in order, if there are few different ones. */
function distinct(values: Float64Array): number[] | undefined {
  const found = new Set<number>();
  for (const value of values) {
    found.add(value);
    if (found.size > fewValues) return undefined;
  }
  return [...found].sort((a, b) => a - b);
}
