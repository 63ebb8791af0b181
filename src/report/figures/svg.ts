import { parseHTML } from "linkedom";
import { escapeMarkup } from "../escape.ts";
import { theme } from "./theme.ts";

/** The XML namespace of SVG. */
export const svgNamespace = "http://www.w3.org/2000/svg";

let ownDocument: Document | undefined;

/** The document that figures are built in: the page's own in a browser, linkedom's elsewhere. */
export function figureDocument(): Document {
  if (typeof document !== "undefined") return document;
  ownDocument ??= parseHTML("<!doctype html><html><body></body></html>").document as unknown as Document;
  return ownDocument;
}

/** The opening tag of a themed, standalone SVG of `width` by `height` px, read aloud as `description`. */
export function svgOpening(width: number, height: number, description: string): string {
  return (
    `<svg xmlns="${svgNamespace}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="${escapeMarkup(description)}" font-family="${theme.fontFamily}" ` +
    `font-size="${theme.fontSize}" fill="currentColor">`
  );
}

/** Returns a figure of the size of a chart with the reason why there is nothing to draw. */
export function emptyFigure(reason: string): string {
  const { width, height } = theme;
  return (
    `${svgOpening(width, height, reason)}<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" ` +
    `fill="none" stroke="currentColor" stroke-opacity="0.25" stroke-dasharray="4,4"/>` +
    `<text x="${width / 2}" y="${height / 2}" dy="0.35em" text-anchor="middle" fill-opacity="0.7">` +
    `${escapeMarkup(reason)}</text></svg>`
  );
}

/** `value` to a hundredth of a px, so that figures are small and the same on every machine. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}
