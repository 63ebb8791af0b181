import * as z from "zod";
import { ndarray } from "../../../src/array.ts";
import type { Parameters } from "../../../src/models/contract.ts";
import { Key } from "../../../src/random/key.ts";
import { normal } from "../../../src/random/normal.ts";
import type { Course, Plan, Policy, Settled, Source } from "../../../src/train/course.ts";

/** A constant learning rate. */
export const constantRate = (rate: number): Policy<null> => ({
  initial: null,
  schema: z.null(),
  rate: () => rate,
  observe: (state) => ({ state }),
});

/** Numbers in a row of {@link toyRows}, and their means. */
export const means = [0.5, -1, 2] as const;

/** Rows of normal numbers around {@link means}; batch n of all follows from n alone. */
export function toyRows(batch: number): Source<never> {
  const width = means.length;
  return {
    x: { shape: [width], dtype: "f32" },
    async fill({ step, steps, updates }) {
      const x = Array.from({ length: updates }, (_, update) => {
        const out = new Float32Array(steps * batch * width);
        for (let s = 0; s < steps; s++) {
          const noise = normal(
            Key.fromSeed(9)
              .fold(step + s)
              .fold(update),
            batch * width,
            "f32",
          );
          out.set(
            noise.map((v, i) => v + (means[i % width] as number)),
            s * batch * width,
          );
        }
        return out;
      });
      return { x };
    },
    release: async () => undefined,
  };
}

/** A vector of numbers, zeros where none are given. */
export const vector = (length: number, values: readonly number[] = []) =>
  ndarray(
    "f32",
    [length],
    Float32Array.from({ length }, (_, i) => values[i] ?? 0),
  );

type Needed = "initial" | "objective";

/** A course of 100 steps with a look every 40, of what is given. */
export function toyCourse<P extends Parameters, S>(
  own: Pick<Course<P, S>, Needed> & Partial<Course<P, S>>,
): Course {
  const course = {
    model: { family: "toy" },
    source: toyRows(4),
    batch: 4,
    policy: constantRate(0.05),
    key: Key.fromSeed(1),
    ...{ steps: 100, round: 40, clip: 0, threads: 1 },
    watch: async () => ({ measures: {} }),
    ...{ selects: false, keepsBest: false, savesRounds: true },
    atOnce: "take other numbers",
    ...own,
  };
  return course as unknown as Course;
}

/** The plan of one course, made anew each time, whose result is how it ended. */
export const alone = (course: () => Course): Plan<Settled> => ({
  next: async ([ended]) => (ended ? { result: ended } : { course: course() }),
});
