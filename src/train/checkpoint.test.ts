import { expect, it } from "vitest";
import { alone, toyCourse, vector } from "../../test/laws/training/toy.ts";
import { type NDArray, ndarray } from "../array.ts";
import { readSafetensors, writeSafetensors } from "../data/formats/safetensors.ts";
import { sgd } from "../optim/index.ts";
import { mean, square, sub } from "../tensor/index.ts";
import { train } from "./train.ts";

/** A course whose state is infinite until something moves it, as a running minimum is. */
const course = () =>
  toyCourse({
    initial: { at: vector(3) },
    objective: {
      players: [
        {
          name: "distance",
          optimiser: sgd(),
          loss: ({ parameters, x }) => ({ loss: mean(square(sub(x, parameters.at))) }),
        },
      ],
      state: { least: ndarray("f32", [1], Float32Array.of(Number.POSITIVE_INFINITY)) },
    },
  });

/** The checkpoints of the course, oldest first. */
async function checkpoints(): Promise<{ all: Uint8Array[]; end: Float32Array }> {
  const all: Uint8Array[] = [];
  const { parameters } = await train(alone(course), {
    saveCheckpoint: async (bytes) => void all.push(bytes.slice()),
  }).result();
  return { all, end: (parameters.at as NDArray<"f32">).data };
}

it("goes on with state that is not finite, to the same bits", async () => {
  const { all, end } = await checkpoints();
  const { parameters } = await train(alone(course), { resume: all[1] as Uint8Array }).result();
  expect((parameters.at as NDArray<"f32">).data).toEqual(end);
});

it("refuses measures of an ended course that are none", async () => {
  const { all } = await checkpoints();
  const { tensors, metadata } = readSafetensors(all[1] as Uint8Array, "checkpoint");
  const progress = { ...JSON.parse(metadata.progress as string), course: 1, ended: [{ NLL: "low" }] };
  const bytes = writeSafetensors(
    { ...tensors, "ended.0.at": vector(3) } as Parameters<typeof writeSafetensors>[0],
    { progress: JSON.stringify(progress) },
  );
  await expect(train(alone(course), { resume: bytes }).result()).rejects.toThrow(
    /does not say where the training stood; start it again$/,
  );
});
