import { type AnsatzError, inputError } from "../../error.ts";
import { isDecimal } from "./decimal.ts";
import { BLANK, COMMA, SEMICOLON, separatorName, separatorOf } from "./text-bytes.ts";
import type { TextOptions } from "./text-options.ts";

/** Classification of the first line of a text table. */
export type FirstLine =
  /** Column names. */
  | { readonly is: "names"; readonly text: string; readonly names: readonly string[] }
  /** 0, 1, 2, ...: column numbers as pandas writes them, or a row. */
  | { readonly is: "numbers"; readonly text: string }
  | { readonly is: "row" };

/** Spellings of missing numbers; NaN is a number. */
const missing = /^(na|n\/a|<na>|null|none|nil|missing|-+|\.|\?|\*|)$/i;

/** Matches text that is neither a plain number nor a name: decimal commas, dates, percentages. */
const numberLike = /^[-+.,]?\d[-+.,:/'%\deE]*$/;

/**
 * Classifies the first line of a table: names, if the options request that or if no entry is a number. Throws
 * input errors for a line of nothing but missing values, and for commas and semicolons mixed in a line of
 * names.
 */
export function firstLine(text: string, where: string, options: TextOptions): FirstLine {
  const { header } = options;
  if (header === false) return { is: "row" };
  const named = (): FirstLine => ({
    ...{ is: "names", text },
    names: splitLine(text, separatorIn(text, where, options)),
  });
  if (header === true) return named();
  const entries = options.delimiter
    ? splitLine(text, separatorOf(options))
    : text.split(options.decimal === "," ? /;|\s+/ : /[,;]|\s+/).map(bare);
  const point = options.decimal === "," ? "," : ".";
  const isNumber = (entry: string) => isDecimal(entry.replace(point, "."));
  const numbered = (list: readonly string[]) => list.every((entry, i) => entry === String(i));
  if (!entries.some(isNumber)) {
    if (entries.some((entry) => numberLike.test(entry.replaceAll('"', "")))) return { is: "row" };
    if (!entries.every((entry) => missing.test(entry))) return named();
    throw inputError(
      `${where} holds no number, only ${JSON.stringify(entries[0])}: give --header if it names columns, ` +
        "or --no-header if it is a row",
    );
  }
  if (numbered(entries)) return { is: "numbers", text };
  return entries.length > 1 && entries[0] === "" && numbered(entries.slice(1)) ? named() : { is: "row" };
}

/** The separator of a line of names, or of one with columns that are not read. */
export function separatorIn(text: string, where: string, options: TextOptions): number | undefined {
  const named = separatorOf(options);
  if (named !== undefined || options.delimiter === "none") return named;
  // A quoted name stays a name: blanks around it separate.
  const plain = text.replace(/"[^"]*"/g, "q");
  const [commas, semicolons] = [options.decimal !== "," && plain.includes(","), plain.includes(";")];
  if (commas && semicolons) throw twoSeparators(where, SEMICOLON, COMMA);
  if (commas || semicolons) return commas ? COMMA : SEMICOLON;
  return /\s/.test(plain.trim()) ? BLANK : undefined;
}

/** The input error for numbers that two things separate. */
export function twoSeparators(where: string, one: number, other: number): AnsatzError {
  const pair = [one, other];
  const rest = one === COMMA ? other : one;
  const decimal = pair.includes(COMMA)
    ? `for decimal commas give --delimiter ${rest === BLANK ? "space" : '";"'} --decimal ",", else `
    : "";
  return inputError(
    `${where}: both ${pair.map(separatorName).join(" and ")} separate entries; ${decimal}name the separator by --delimiter`,
  );
}

/** The entries of a line, without quotes and outer blanks. */
function splitLine(text: string, separator: number | undefined): string[] {
  if (separator === undefined) return [bare(text)];
  if (separator === BLANK) return (text.trim().match(/"(?:[^"]|"")*"|\S+/g) ?? []).map(bare);
  const mark = String.fromCharCode(separator);
  const entries: string[] = [];
  let [start, quoted] = [0, false];
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    if (i < text.length && (quoted || text[i] !== mark)) continue;
    entries.push(bare(text.slice(start, i)));
    start = i + 1;
  }
  return entries;
}

function bare(entry: string): string {
  const trimmed = entry.trim();
  return /^".*"$/s.test(trimmed) ? trimmed.slice(1, -1).replaceAll('""', '"').trim() : trimmed;
}
