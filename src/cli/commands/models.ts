import { binary, categorical, circle, levels, real, type Space } from "../../data/space.ts";
import type { Kind, Model } from "../../models/contract.ts";
import { likelihoodOf } from "../../models/contract.ts";
import { createModel, families, modelsDomain } from "../../models/registry.ts";
import { textColumns } from "../../report/index.ts";
import type { CommandSpec } from "./command.ts";

/** What rows can be, each with spaces of that kind: a family models the kind if it models one of them. */
const rows: readonly (readonly [string, readonly Space[]])[] = [
  ["bits", [binary([4, 4]), binary([4])]],
  ["states", [categorical([4, 4], 3)]],
  ["real numbers", [real([4]), real([4, 4])]],
  ["grey levels", [levels([4, 4], 16)]],
  ["angles", [circle([4]), circle([2, 4, 4])]],
];

/** What may be asked of a model by its kind; every kind draws samples. */
const questions: Readonly<Record<Kind, string>> = {
  exact: "log P of any row, independent samples",
  bounded: "a lower bound of log P of any row, independent samples",
  energy: "log P up to log Z, which is bracketed; samples by Markov chains",
  implicit: "independent samples",
};

/** `ansatz models`. */
export const models: CommandSpec = {
  define(command) {
    command.description(
      "List the model families by kind of likelihood, with the data that each models and what it can compute.\n" +
        "`ansatz fit FAMILY --help` lists the hyperparameters of a family.",
    );
  },
  examples: ["models", "models --json"],
  async run() {
    const listed = [...families.values()].map(({ name, kind, summary }) => {
      const modelled = rows.flatMap(([what, spaces]) => {
        const space = spaces.find((each) => modelsDomain(name, { space: each }));
        return space ? [{ what, space }] : [];
      });
      const [first] = modelled;
      return {
        ...{ family: name, kind, summary },
        models: modelled.map(({ what }) => what),
        also: first ? alsoOf(name, first.space) : [],
      };
    });
    const kinds = [...new Set(listed.map(({ kind }) => kind))];
    const sections = kinds.map((kind) => {
      const own = listed.filter((family) => family.kind === kind);
      const table = own.map((one) => [one.family, one.models.join(", "), one.also.join(", "), one.summary]);
      return (
        `${likelihoodOf[kind]} likelihood: ${questions[kind]}\n` +
        textColumns([["family", "models", "also", "what it is"], ...table])
      );
    });
    return {
      document: { families: listed.map((one) => ({ ...one, likelihood: likelihoodOf[one.kind] })) },
      text: sections.join("\n\n"),
    };
  },
};

/**
 * Abilities of a family beyond those of its kind: to fill gaps, to be conditional, to learn from an energy
 * alone.
 */
function alsoOf(family: string, space: Space): string[] {
  const model: Model = createModel(family, { space });
  const fills = model.kind === "energy" || (model.kind === "exact" && model.autoregressive !== undefined);
  return [
    ...(fills ? ["fill"] : []),
    ...(modelsDomain(family, { space, context: real([1]) }) ? ["context"] : []),
    ...(model.kind === "exact" ? ["solve"] : []),
  ];
}
