import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import type { GradientPlayer } from "../models/contract.ts";
import { adam } from "../optim/index.ts";
import { Key } from "../random/key.ts";
import { flatten, mean, mul, type Tensor } from "../tensor/index.ts";
import { chunkedStepper } from "./chunked-stepper.ts";
import type { RowType } from "./course.ts";
import { allocateMemory } from "./memory.ts";
import { playerSetup } from "./player-setup.ts";
import { singleStepper } from "./single-stepper.ts";

const [batch, steps] = [3, 4];
const number: RowType = { shape: [], dtype: "f32" };

/** Takes rows, contexts and actions, and shows each as it met it. */
const player: GradientPlayer = {
  name: "toy",
  optimiser: adam(),
  loss: ({ parameters, x, context, action }) => ({
    loss: mean(mul(action as Tensor, parameters.weight as Tensor)),
    seen: { x, context: flatten(context as Tensor), action: action as Tensor },
  }),
};

function setup() {
  const course = {
    model: { family: "toy" },
    source: { x: number, context: { shape: [1], dtype: "f32" }, action: number },
    ...{ batch, clip: 0, threads: 1 },
  };
  const memory = allocateMemory({
    model: { family: "toy" },
    initial: { weight: ndarray("f32", [], Float32Array.of(1)) },
    objective: { players: [player] },
  });
  return playerSetup(course as never, memory as never, player, 0);
}

/** `steps` batches of numbers that tell rows, contexts and actions apart. */
const numbers = (first: number) => Float32Array.from({ length: steps * batch }, (_, i) => first + i);
const given = { x: numbers(100), context: numbers(200), action: numbers(300) };

test.each([
  ["one at a time", 1],
  ["several in one call", steps],
])("rows, contexts and actions reach a player by name, %s", async (_, together) => {
  const stepper = await (together === 1 ? singleStepper(setup()) : chunkedStepper(setup(), together));
  for (let step = 0; step < steps; step += together) {
    const [from, to] = [step * batch, (step + together) * batch];
    const { seen } = await stepper.run({
      x: given.x.subarray(from, to),
      context: given.context.subarray(from, to),
      action: given.action.subarray(from, to),
      knobs: new Float32Array(0),
      lr: new Array(together).fill(0.1),
      ...{ t: step + 1, key: Key.fromSeed(0) },
    });
    for (const [name, rows] of Object.entries(given))
      expect([...(seen[name] as Float64Array)]).toEqual([...rows.subarray(from, to)]);
  }
  await stepper.release();
});
