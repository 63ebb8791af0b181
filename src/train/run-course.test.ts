import { expect, it } from "vitest";
import * as z from "zod";
import { alone, toyCourse, vector } from "../../test/laws/training/toy.ts";
import { sgd } from "../optim/index.ts";
import { mean, square, sub } from "../tensor/index.ts";
import type { Policy } from "./course.ts";
import { train } from "./train.ts";

it("looks at the model after the next step where the clock asks for it", async () => {
  // The state counts looks, of which the first two are asked for by the clock.
  const policy: Policy<number> = {
    initial: 0,
    schema: z.int(),
    rate: () => 0.05,
    nextLook: (step) => (step < 50 ? 50 : 100),
    due: (_, looks) => looks < 2,
    observe: (looks) => ({ state: looks + 1 }),
  };
  const course = () =>
    toyCourse({
      initial: { at: vector(3) },
      policy,
      together: 32,
      objective: {
        players: [
          {
            name: "distance",
            optimiser: sgd(),
            loss: ({ parameters, x }) => ({ loss: mean(square(sub(x, parameters.at))) }),
          },
        ],
      },
    });
  const looks: number[] = [];
  for await (const event of train(alone(course))) if (event.type === "round") looks.push(event.step);
  expect(looks).toEqual([1, 2, 50, 100]);
});
