import type { Command } from "commander";
import { parseTextOptions, type TextOptions } from "../../data/formats/text-options.ts";
import type { Flags } from "../commands/command.ts";
import { textOf } from "./flags.ts";

/** Adds the flags for reading a text file. */
export function addTextOptions(command: Command): void {
  command
    .option(
      "--delimiter <mark>",
      'text: ",", ";", tab, space, or none for rows of digits (default: from the rows)',
    )
    .option("--decimal <mark>", 'text: decimal separator, "." or "," (default: ".")')
    .option("--header", "text: the first line holds column names (default: detected)")
    .option("--no-header", "text: the first line is a row of data")
    .option("--columns <list>", "text: columns to read, by name or by number from 0, such as x,y or 0,2");
}

/** Returns the text options of the flags of {@link addTextOptions}. */
export function textFlagsOf(flags: Flags): TextOptions {
  return parseTextOptions({
    delimiter: textOf(flags, "delimiter"),
    decimal: textOf(flags, "decimal"),
    columns: textOf(flags, "columns"),
    header: typeof flags.header === "boolean" ? flags.header : undefined,
  });
}
