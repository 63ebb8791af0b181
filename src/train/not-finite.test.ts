import { expect, it } from "vitest";
import { alone, toyCourse, vector } from "../../test/laws/training/toy.ts";
import type { GradientPlayer, Parameters } from "../models/contract.ts";
import { sgd } from "../optim/index.ts";
import { mean, mul, square, sub, type Tensor } from "../tensor/index.ts";
import { notFinite } from "./not-finite.ts";
import { train } from "./train.ts";

it("says what to change, by whether a step was taken, and names a checkpoint that has learned something", () => {
  const at = { taken: 700, step: 700, lr: 0.01, saved: 500, atOnce: "take a smaller beta" };
  expect(notFinite(at).message).toBe(
    "the loss is no longer finite at step 700 (learning rate 0.0100); try a smaller learning rate or clip the gradient; " +
      "the checkpoint of step 500 is kept",
  );
  expect(notFinite({ ...at, saved: 0 }).message).toMatch(/clip the gradient$/);
  expect(notFinite({ ...at, taken: 0, step: 0 }).message).toMatch(
    /before the first step is taken; take a smaller beta$/,
  );
});

type Two = Parameters & {
  readonly own: ReturnType<typeof vector>;
  readonly other: ReturnType<typeof vector>;
};

/** A player of the mean distance of one parameter from the rows, times a number. */
const player = (name: string, at: keyof Two & string, factor: number): GradientPlayer<Two> => ({
  name,
  owns: (path) => path === at,
  optimiser: sgd(),
  loss: ({ parameters, x }) => ({ loss: mul(mean(square(sub(x, parameters[at] as Tensor))), factor) }),
});

const course = (factor: number, more: object = {}) =>
  alone(() =>
    toyCourse<Two, null>({
      initial: { own: vector(3), other: vector(3) },
      objective: { players: [player("generator", "own", 1), player("critic", "other", factor)] },
      ...more,
    }),
  );

it("names the player whose loss it is, of several", async () => {
  await expect(train(course(Number.NaN)).result()).rejects.toThrow(
    "the loss of player 'critic' is not finite before the first step is taken; take other numbers",
  );
  // At this rate each step multiplies the distance by about −10, until single precision ends.
  await expect(train(course(300)).result()).rejects.toThrow(
    /^the loss of player 'critic' is no longer finite at step [1-9]\d* /,
  );
  const one = () =>
    toyCourse<Two, null>({
      initial: { own: vector(3), other: vector(3) },
      objective: { players: [{ ...player("generator", "own", Number.NaN), owns: () => true }] },
    });
  await expect(train(alone(one)).result()).rejects.toThrow(/^the loss is not finite before the first step/);
});

it("names the measure that a look gave", async () => {
  const look = {
    watched: "NLL",
    watch: async () => ({ measures: { NLL: { value: Number.NaN, error: 0 } } }),
  };
  await expect(train(course(1, look)).result()).rejects.toThrow(
    /^the measure 'NLL' of the model is no longer finite at step 39 /,
  );
});

it("throws its error again where it is asked again, and another where it was left", async () => {
  const failed = train(course(Number.NaN));
  const read = async (training: typeof failed) => {
    for await (const { type } of training) if (type === "start") continue;
  };
  await expect(read(failed)).rejects.toThrow(/^the loss of player 'critic'/);
  await expect(read(failed)).rejects.toThrow(/^the loss of player 'critic'/);

  const left = train(course(1));
  for await (const { type } of left) if (type === "round") break;
  await expect(read(left)).rejects.toMatchObject({
    code: "interrupted",
    message: "the training was left before its end",
  });
});
