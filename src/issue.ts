import type * as z from "zod";
import { type Limit, settingsOf, type Values } from "./setting.ts";

/** See {@link issueOf}. */
interface Issue {
  /** The name of the setting; undefined if the settings as a whole are wrong. */
  readonly key: string | undefined;
  /** What is wrong with the setting; printed after its name. */
  readonly text: string;
}

/**
 * Returns the first thing wrong with `given` settings that a schema refused, in words: what the setting takes
 * and the value given, `takes a whole number of at least 1, not -3`, or the schema's own message.
 */
export function issueOf(schema: z.ZodObject, given: unknown): Issue {
  const { error } = schema.safeParse(given, { error: (issue) => refusal(schema, issue) });
  const issue = error?.issues[0];
  const key = issue?.path[0];
  return { key: key === undefined ? undefined : String(key), text: issue?.message ?? "cannot be" };
}

/** Text for an issue without a message of the schema's own; undefined keeps the validator's. */
function refusal(schema: z.ZodObject, { code, path = [], input }: z.core.$ZodRawIssue): string | undefined {
  if (!["invalid_type", "invalid_value", "too_small", "too_big"].includes(code)) return undefined;
  const [key, ...inside] = path;
  const setting = settingsOf(schema).get(String(key));
  const taken = setting && phraseOf(entryOf(setting.takes, inside.length));
  return taken && `takes ${taken}, not ${shown(input)}`;
}

/** The values inside `depth` nested lists. */
function entryOf(values: Values, depth: number): Values {
  if (depth === 0) return values;
  return values.kind === "list" ? entryOf(values.of, depth - 1) : { kind: "other" };
}

/** Values as a phrase: `a number above 0`. */
function phraseOf(values: Values): string | undefined {
  if (values.kind === "boolean") return "true or false";
  if (values.kind === "name") return `one of ${values.choices.join(", ")}`;
  if (values.kind === "number") return rangePhrase(values.whole, values.least, values.most);
  return values.kind === "list" ? lengthPhrase(values.least, values.most) : undefined;
}

function rangePhrase(whole: boolean, least: Limit | undefined, most: Limit | undefined): string {
  const what = whole ? "a whole number" : "a number";
  if (least?.inclusive && most?.inclusive) return `${what} from ${least.value} to ${most.value}`;
  const ends = [
    ...(least ? [`${least.inclusive ? " of at least" : " above"} ${least.value}`] : []),
    ...(most ? [`${most.inclusive ? " of at most" : " below"} ${most.value}`] : []),
  ];
  return `${what}${ends.join(" and")}`;
}

function lengthPhrase(least: number | undefined, most: number | undefined): string {
  return least === undefined || most === undefined
    ? "a list of values"
    : `a list of ${least} to ${most} values`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
}
