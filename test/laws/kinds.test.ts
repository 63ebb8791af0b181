import { expect, test } from "vitest";
import { binary, real } from "../../src/data/space.ts";
import { explicable } from "../../src/explain/explicable.ts";
import { byKind, createModel, fitted } from "../../src/models/index.ts";
import { Key } from "../../src/random/key.ts";
import "./models/register.ts";

// What a kind does not tell cannot be asked: not in the types, and not of the handles themselves. `tsc` holds the first half.
const key = Key.fromSeed(1);
const exactModel = createModel("ppca-exact", real([3]), { latent: 1 });
const boundedModel = createModel("ppca", real([3]), { latent: 1 });
const energyModel = createModel("rbm", binary([4]), { hidden: 2 });
const implicitModel = createModel("noise-network", real([3]), { noise: 1 });
const exact = fitted(exactModel, exactModel.init(key));
const bounded = fitted(boundedModel, boundedModel.init(key));
const energy = fitted(energyModel, energyModel.init(key));
const implicit = fitted(implicitModel, implicitModel.init(key));

test("a model with samples alone has no log-probability, no bound and no log-weight", () => {
  // @ts-expect-error: an implicit model has no log-probability
  expect(implicit.logProb).toBeUndefined();
  // @ts-expect-error: an implicit model has no bound
  expect(implicit.bound).toBeUndefined();
  // @ts-expect-error: an implicit model has no log-weight
  expect(implicit.logWeight).toBeUndefined();
  expect(implicit.sample).toBeTypeOf("function");
});

test("a model with a bound has no log-probability and no log-weight", () => {
  // @ts-expect-error: a bounded model has no log-probability
  expect(bounded.logProb).toBeUndefined();
  // @ts-expect-error: a bounded model has no log-weight
  expect(bounded.logWeight).toBeUndefined();
  expect(bounded.bound).toBeTypeOf("function");
});

test("an energy model has no log-probability and no bound, and an exact one no bound", () => {
  // @ts-expect-error: an energy model has no log-probability
  expect(energy.logProb).toBeUndefined();
  // @ts-expect-error: an energy model has no bound
  expect(energy.bound).toBeUndefined();
  // @ts-expect-error: an exact model has no bound
  expect(exact.bound).toBeUndefined();
  expect(energy.logWeight).toBeTypeOf("function");
  expect(exact.logProb).toBeTypeOf("function");
});

test("byKind does what the kind asks for, and every kind must be named", () => {
  const ask = (own: Parameters<typeof byKind>[0]) =>
    byKind(own, {
      exact: ({ logProb }) => [logProb.name, "exact"],
      bounded: ({ bound }) => [bound.name, "bounded"],
      energy: ({ logWeight }) => [logWeight.name, "energy"],
      implicit: ({ sample }) => [sample.name, "implicit"],
    });
  expect([exact, bounded, energy, implicit].map((own) => ask(own as never))).toEqual([
    ["logProb", "exact"],
    ["bound", "bounded"],
    ["logWeight", "energy"],
    ["sample", "implicit"],
  ]);
  const forgetful = () =>
    // @ts-expect-error: a kind is left out
    byKind(implicit as never, { exact: () => 0, bounded: () => 0, energy: () => 0 });
  expect(forgetful).toThrow();
});

test.each([
  ["ppca", bounded],
  ["noise-network", implicit],
])("a formula stands for no bound and for no samples: %s", async (name, own) => {
  await expect(explicable(own as never).draw(10, key)).rejects.toThrow(
    `${name} has no log-probability to explain; explain the data, or a file of samples`,
  );
});

test("the registry gives a family's own kind by its name", () => {
  // @ts-expect-error: the model of this family has a bound, and is not exact
  const kind: "exact" = createModel("ppca", real([3])).kind;
  expect(kind).toBe("bounded");
});
