import * as z from "zod";

/** See {@link issueOf}. */
interface Issue {
  /** The name of the setting; undefined where the settings as a whole are wrong. */
  readonly key: string | undefined;
  /** What is wrong with it, to follow its name. */
  readonly text: string;
}

/**
 * The first thing wrong with `given` settings that a schema refused, in words: what the setting takes and what it was
 * given, `takes a whole number of at least 1, not -3`, or what the schema itself says of it.
 */
export function issueOf(schema: z.ZodType, given: unknown): Issue {
  const { error } = schema.safeParse(given, { error: (issue) => refusal(schema, issue) });
  const issue = error?.issues[0];
  const key = issue?.path[0];
  return { key: key === undefined ? undefined : String(key), text: issue?.message ?? "cannot be" };
}

/** Text for an issue of which the schema says nothing itself; undefined leaves the validator's. */
function refusal(schema: z.ZodType, { code, path = [], input }: z.core.$ZodRawIssue): string | undefined {
  if (!["invalid_type", "invalid_value", "too_small", "too_big"].includes(code)) return undefined;
  const taken = takenBy(partOf(schema, path));
  return taken && `takes ${taken}, not ${shown(input)}`;
}

/** The schema of the value at a path, without what wraps it: defaults, and steps of reading before the last one. */
function partOf(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly || schema instanceof z.ZodOptional)
    return partOf(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodPipe) return partOf(schema.out as z.ZodType, path);
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  if (schema instanceof z.ZodArray) return partOf(schema.element as z.ZodType, rest);
  const inner = schema instanceof z.ZodObject ? (schema.shape[String(key)] as z.ZodType) : undefined;
  return inner && partOf(inner, rest);
}

/** What a schema takes, as a phrase: `a number above 0`. */
function takenBy(schema: z.ZodType | undefined): string | undefined {
  if (schema instanceof z.ZodBoolean) return "true or false";
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.join(", ")}`;
  if (schema instanceof z.ZodArray) return lengthOf(schema);
  return schema instanceof z.ZodNumber ? rangeOf(schema) : undefined;
}

function rangeOf(schema: z.ZodNumber): string {
  const what = schema.isInt ? "a whole number" : "a number";
  const [low, high] = [limitOf(schema, "greater_than"), limitOf(schema, "less_than")];
  if (low?.inclusive && high?.inclusive) return `${what} from ${low.value} to ${high.value}`;
  const ends = [
    ...(low ? [`${low.inclusive ? " of at least" : " above"} ${low.value}`] : []),
    ...(high ? [`${high.inclusive ? " of at most" : " below"} ${high.value}`] : []),
  ];
  return `${what}${ends.join(" and")}`;
}

function lengthOf(schema: z.ZodArray): string {
  const [least, most] = [limitOf(schema, "min_length")?.minimum, limitOf(schema, "max_length")?.maximum];
  return least === undefined || most === undefined
    ? "a list of values"
    : `a list of ${least} to ${most} values`;
}

/** What one check of a schema allows. */
interface Limit {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

function limitOf(schema: z.ZodType, check: string): Limit | undefined {
  const limits = schema.def.checks?.map((one) => one._zod.def as Limit);
  return limits?.findLast((limit) => limit.check === check);
}

function shown(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
}
