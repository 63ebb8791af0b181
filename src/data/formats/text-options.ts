import * as z from "zod";
import { usageError } from "../../error.ts";

/** Separators between the numbers of a text table; `none` for rows of digits such as 0101, one per site. */
const delimiters = [",", ";", "tab", "space", "none"] as const;

/** Schema of {@link TextOptions}, as a run records them. */
export const textOptionsSchema = z.object({
  /** The separator of numbers; `space` means any run of blanks and tabs (default: inferred from the rows). */
  delimiter: z.enum(delimiters).exactOptional(),
  /** The decimal separator (default: a point). */
  decimal: z.enum([".", ","]).exactOptional(),
  /** Whether the first line holds column names (default: inferred from the line). */
  header: z.boolean().exactOptional(),
  /** The columns to read, in this order, by name or by number from 0 (default: all). */
  columns: z.array(z.string().min(1)).min(1).exactOptional(),
});

/** How a text table is written, for whatever does not follow from the text. */
export type TextOptions = z.output<typeof textOptionsSchema>;

const spellings: Readonly<Record<string, TextOptions["delimiter"]>> = {
  ",": ",",
  comma: ",",
  ";": ";",
  semicolon: ";",
  tab: "tab",
  "\t": "tab",
  "\\t": "tab",
  space: "space",
  " ": "space",
  none: "none",
};

/** Text options as a user writes them; throws a usage error that names the flag. */
export function parseTextOptions(given: {
  readonly delimiter?: string | undefined;
  readonly decimal?: string | undefined;
  readonly header?: boolean | undefined;
  readonly columns?: string | undefined;
}): TextOptions {
  const { decimal, header, columns } = given;
  const delimiter = given.delimiter === undefined ? undefined : spellings[given.delimiter.toLowerCase()];
  if (given.delimiter !== undefined && delimiter === undefined)
    throw usageError(
      `--delimiter is one of ${delimiters.map((d) => `"${d}"`).join(", ")}, not '${given.delimiter}'`,
    );
  if (decimal !== undefined && decimal !== "." && decimal !== ",")
    throw usageError(`--decimal is "." or ",", not '${decimal}'`);
  if (decimal === "," && delimiter === ",")
    throw usageError("a comma cannot be both --delimiter and --decimal");
  const names = columns?.split(",").map((name) => name.trim());
  if (names?.includes("")) throw usageError(`--columns takes names or numbers such as 0,2, not '${columns}'`);
  return {
    ...(delimiter !== undefined && { delimiter }),
    ...(decimal !== undefined && { decimal }),
    ...(header !== undefined && { header }),
    ...(names !== undefined && { columns: names }),
  };
}

/** The command-line flags for text options: `--delimiter ";" --decimal ","`. */
export function textFlags({ delimiter, decimal, header, columns }: TextOptions): string {
  return [
    ...(delimiter === undefined ? [] : [`--delimiter "${delimiter}"`]),
    ...(decimal === undefined ? [] : [`--decimal "${decimal}"`]),
    ...(header === undefined ? [] : [header ? "--header" : "--no-header"]),
    ...(columns === undefined ? [] : [`--columns ${columns.join(",")}`]),
  ].join(" ");
}
