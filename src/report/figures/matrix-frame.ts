import { escapeMarkup } from "../escape.ts";
import { textWidth } from "./legend.ts";
import { px } from "./svg.ts";

/** Text cut to a width in px, with an ellipsis if anything is missing. */
export function fitted(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, fontSize) > width) end--;
  return `${text.slice(0, end)}…`;
}

/** A text element. */
export function label(
  content: string,
  x: number,
  y: number,
  {
    size,
    anchor = "middle",
    more = "",
  }: { readonly size: number; readonly anchor?: string; readonly more?: string },
): string {
  return `<text x="${px(x)}" y="${px(y)}" dy="0.33em" font-size="${size}" text-anchor="${anchor}"${more}>${escapeMarkup(content)}</text>`;
}
