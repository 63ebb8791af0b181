import type { NumberRow } from "./report.ts";
import { headings, rowTexts } from "./rows.ts";

/**
 * Returns the numbers table as aligned plain text for a terminal, without trailing spaces or a final line
 * break. Line breaks and control characters in names and notes become spaces, so that data cannot move the
 * cursor or colour the screen. Columns that no row uses are omitted.
 */
export function textTable(rows: readonly NumberRow[]): string {
  return rows.length === 0 ? "no numbers" : textColumns([headings, ...rows.map(rowTexts)]);
}

/** A table of texts, its first row the headings, aligned as {@link textTable} does. */
export function textColumns(texts: readonly (readonly string[])[]): string {
  const table = usedColumns(texts).map((row) => row.map(oneLine));
  const widths = table[0]!.map((_, c) => Math.max(...table.map((row) => widthOf(row[c]!))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => cell + " ".repeat(widths[c]! - widthOf(cell)))
      .join("  ")
      .trimEnd();
  const [head, ...body] = table;
  return [line(head!), widths.map((w) => "─".repeat(w)).join("  "), ...body.map(line)].join("\n");
}

/**
 * Returns the numbers table as a Markdown table; names and notes are escaped, so that they show literally.
 */
export function markdownTable(rows: readonly NumberRow[]): string {
  if (rows.length === 0) return "no numbers";
  const [head, ...body] = usedColumns([headings, ...rows.map(rowTexts)]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const escaped = body.map((row) => line(row.map((cell) => escapeMarkdown(oneLine(cell)))));
  return [line(head!), line(head!.map(() => "---")), ...escaped].join("\n");
}

/** `table` without the columns that are empty below the heading. */
function usedColumns(table: readonly (readonly string[])[]): string[][] {
  const used = table[0]!.map((_, c) => table.slice(1).some((row) => row[c] !== "" && row[c] !== "–"));
  return table.map((row) => row.filter((_, c) => used[c]));
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&]/g, (c) => `\\${c}`);
}

/** Columns that `text` takes in a terminal: marks that combine take none, East Asian wide characters two. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text)
    width += /\p{M}/u.test(c)
      ? 0
      : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
            c,
          )
        ? 2
        : 1;
  return width;
}
