import { expect, expectTypeOf, test, vi } from "vitest";
import { binary, real } from "../data/space.ts";
import type { EnergyModel, ExactModel, Model } from "./contract.ts";
import type { MadeParameters } from "./exact/made/network.ts";
import { createModel, type Families, familyNamed, hyperparametersOf } from "./registry.ts";

const space = binary([4]);
const unknown = /made has no hyperparameter 'hiden'/;

test("a misspelt hyperparameter of a family known by its name does not compile", () => {
  // @ts-expect-error: it is hidden
  expect(() => createModel("made", space, { hiden: 4 })).toThrow(unknown);
  // @ts-expect-error: there is no such activation
  expect(() => createModel("made", space, { activation: "rellu" })).toThrow(/activation/);
  // @ts-expect-error: nor of a model with a context
  expect(() => createModel("made", { space, context: real([2]) }, { hiden: 4 })).toThrow(unknown);
  const name = "made" as keyof Families;
  // @ts-expect-error: nor of any of the families
  expect(() => createModel(name, space, { hiden: 4 })).toThrow(unknown);
});

test("a domain without its space, or with the size of a context, does not compile", () => {
  // @ts-expect-error: a context is a space
  createModel("made", { space, contextSize: 2 });
  // @ts-expect-error: and not its number of values
  expect(() => createModel("made", { space, context: 2 })).toThrow();
});

test("hyperparameters are parsed once on their way to a size and a model", () => {
  const { schema } = familyNamed("made");
  const parse = vi.spyOn(schema, "safeParse");
  const hyperparameters = hyperparametersOf("made", { hidden: 4 });
  expect(familyNamed("made").parameterCount({ space }, hyperparameters)).toBeGreaterThan(0);
  expect(createModel("made" as string, space, hyperparameters).hyperparameters).toMatchObject({
    hidden: [4],
  });
  expect(parse).toHaveBeenCalledTimes(1);
  // What was checked stays as it was checked; a copy with something else is parsed again, and so is another family's.
  expect(() => Object.assign(hyperparameters, { hidden: [0] })).toThrow(TypeError);
  expect(() => createModel("made" as string, space, { ...hyperparameters, hidden: 0 })).toThrow(/hidden/);
  expect(parse.mock.calls.length).toBeGreaterThan(1);
  expect(() => createModel("rnn" as string, space, hyperparameters)).toThrow(/rnn has no hyperparameter/);
  parse.mockRestore();
});

test("a model has the type of its family; one of a name that is any text is any model", () => {
  const made = createModel("made", space, { hidden: 4 });
  expectTypeOf(made).toEqualTypeOf<ExactModel<MadeParameters>>();
  expectTypeOf(createModel("rbm", space)).toExtend<EnergyModel>();
  const name: string = made.family;
  const options: Record<string, unknown> = { hidden: 4 };
  const same = createModel(name, space, options);
  expectTypeOf(same).toEqualTypeOf<Model>();
  expect(same.hyperparameters).toEqual(made.hyperparameters);
  // A name that the types do not list may be registered when the program runs.
  expect(() => createModel("mine", space, { depth: 3 })).toThrow(/no model family 'mine'/);
});
