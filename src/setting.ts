import * as z from "zod";

/** One setting of a schema, as errors, help and forms describe it. */
export interface Setting {
  /** Its purpose; empty if the schema gives none. */
  readonly description: string;
  /** Its default value; undefined if it is required. */
  readonly default: unknown;
  readonly takes: Values;
}

/** The values a setting takes; `other` is everything that has no shorter description than its schema. */
export type Values =
  | { readonly kind: "boolean" }
  | { readonly kind: "name"; readonly choices: readonly string[] }
  | {
      readonly kind: "number";
      readonly whole: boolean;
      readonly least: Limit | undefined;
      readonly most: Limit | undefined;
    }
  | {
      readonly kind: "list";
      readonly of: Values;
      /** Fewest entries. */
      readonly least: number | undefined;
      /** Maximum number of entries. */
      readonly most: number | undefined;
    }
  | { readonly kind: "other" };

/** One end of a range of numbers. */
export interface Limit {
  readonly value: number;
  /** Whether the range contains `value` itself. */
  readonly inclusive: boolean;
}

type Described = z.core.JSONSchema._JSONSchema;

const read = new WeakMap<z.ZodObject, ReadonlyMap<string, Setting>>();

/** The settings of a schema by their names, in its order; each schema is read once. */
export function settingsOf(schema: z.ZodObject): ReadonlyMap<string, Setting> {
  const before = read.get(schema);
  if (before) return before;
  // The output side: the input side of a list that may be given as one number says nothing of its length and entries.
  const { properties = {} } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  const settings = new Map(Object.entries(properties).map(([key, value]) => [key, settingOf(value)]));
  read.set(schema, settings);
  return settings;
}

function settingOf(described: Described): Setting {
  if (typeof described === "boolean")
    return { description: "", default: undefined, takes: { kind: "other" } };
  return {
    description: described.description ?? "",
    default: described.default,
    takes: valuesOf(described),
  };
}

function valuesOf(described: Described | Described[] | undefined): Values {
  if (typeof described !== "object" || Array.isArray(described)) return { kind: "other" };
  const { type, minItems, maxItems } = described;
  if (type === "boolean") return { kind: "boolean" };
  if (type === "string" && described.enum) return { kind: "name", choices: described.enum.map(String) };
  if (type === "array")
    return { kind: "list", of: valuesOf(described.items), least: minItems, most: maxItems };
  if (type !== "integer" && type !== "number") return { kind: "other" };
  return {
    kind: "number",
    whole: type === "integer",
    least: limitOf(described.minimum, described.exclusiveMinimum),
    most: limitOf(described.maximum, described.exclusiveMaximum),
  };
}

/** The end of a range; the largest whole number in double precision is a limit of the number type, not of a setting. */
function limitOf(inclusive: number | undefined, exclusive: number | boolean | undefined): Limit | undefined {
  if (typeof exclusive === "number") return { value: exclusive, inclusive: false };
  if (inclusive === undefined || Math.abs(inclusive) === Number.MAX_SAFE_INTEGER) return undefined;
  return { value: inclusive, inclusive: true };
}
