import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { binary, categorical, circle, real, type Space, siteShape, sites } from "../data/space.ts";
import { createModel, families, modelsDomain } from "../models/registry.ts";
import { Key } from "../random/key.ts";
import { stream } from "../random/stream.ts";
import { fit } from "./fit.ts";

const spaces: readonly Space[] = [
  binary([4, 4]),
  categorical([6], 3),
  real([4]),
  real([4, 4]),
  circle([2, 4, 4]),
];

/** Random rows of a space, one site of one of them unknown. */
function holed(space: Space) {
  const next = stream(Key.fromSeed(3));
  const [rows, width] = [40, sites(space)];
  const x = ndarray(space.kind === "binary" || space.kind === "categorical" ? "u8" : "f64", [
    rows,
    ...siteShape(space),
  ]);
  x.data.forEach((_, i) => {
    x.data[i] = x.dtype === "u8" ? next.below(2) : next.uniform();
  });
  const mask = ndarray("bool", x.shape, new Uint8Array(rows * width).fill(1));
  const dataset = makeDataset({ arrays: { x, mask } }, "holed.npz", { space, rows: "independent" });
  // In a row that is learned from.
  const [row = 0] = dataset.splits.train;
  (dataset.mask ?? mask).data[row * width + 1] = 0;
  return { dataset, row };
}

// Quantum states are of rows with a context alone, which no row here has.
const quantum = ["density", "wave", "rbm-wave", "purified", "rbm-purified"];
const unconditional = [...families.keys()].filter((name) => !quantum.includes(name));

test.each(unconditional)("%s refuses rows with unknown sites, by its name", async (name) => {
  const space = spaces.find((own) => modelsDomain(name, { space: own, context: undefined }));
  if (!space) throw new Error(`no space here is one of ${name}`);
  const { dataset, row } = holed(space);
  const fitted = async () => fit(createModel(name, { space, context: undefined }), dataset).result();
  await expect(fitted()).rejects.toThrow(
    `holed.npz: by its mask 1 site is unknown in 1 row, the first in row ${row}; a fit of ${name} takes whole rows ` +
      "alone: leave these out, and draw what they lack by a fitted model (ansatz fill)",
  );
});
