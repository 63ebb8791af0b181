import { type MakeMapStatistic, smoother, valuesOf } from "./map.ts";
import { minkowskiSmoothing } from "./minkowski.ts";
import { coarseLevels } from "./scale.ts";

const heights = [0.5, 0.75, 0.9, 0.97, 0.995] as const;

/** Numbers of local maxima above levels of the smoothed map, and of minima below levels, away from the edges. */
export const peaks: MakeMapStatistic = ([height, width], reference) => {
  const smooth = smoother([height, width], minkowskiSmoothing);
  const all = valuesOf(reference.map(smooth));
  const high = coarseLevels(all, heights);
  const low = coarseLevels(
    all,
    heights.slice(0, 3).map((q) => 1 - q),
  );
  return {
    names: [...high.map((level) => `peaks above ${level}`), ...low.map((level) => `minima below ${level}`)],
    write(map, out, at) {
      out.fill(0, at, at + high.length + low.length);
      const s = smooth(map);
      for (let i = 1; i < height - 1; i++)
        for (let j = 1; j < width - 1; j++) {
          const here = i * width + j;
          const value = s[here]!;
          let [above, below] = [0, 0];
          for (let di = -1; di <= 1; di++)
            for (let dj = -1; dj <= 1; dj++) {
              const other = s[here + di * width + dj]!;
              if (other < value) below++;
              else if (other > value) above++;
            }
          if (below === 8)
            high.forEach((level, l) => {
              if (value >= level) out[at + l] = out[at + l]! + 1;
            });
          if (above === 8)
            low.forEach((level, l) => {
              if (value <= level) out[at + high.length + l] = out[at + high.length + l]! + 1;
            });
        }
    },
  };
};
