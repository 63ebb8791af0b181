/**
 * Figures as PNG (Node only).
 *
 * @module ansatz/report/png
 */

import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { inputError, usageError } from "../error.ts";

/** How a figure becomes pixels. */
export interface PngOptions {
  /** Pixels per px of the SVG (default 3, which prints one column wide at about 400 dpi). */
  readonly scale?: number;
  /** CSS colour behind the figure, or "transparent" (default white). */
  readonly background?: string;
  /** More TrueType or OpenType files, for scripts that the figures' own typeface lacks. */
  readonly fontFiles?: readonly string[];
}

const family = "Source Sans 3";

/** The figures' typeface travels with the package: a bare machine may have no fonts, and then no text would be drawn. */
function ownFonts(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return ["400Regular/SourceSans3_400Regular.ttf", "600SemiBold/SourceSans3_600SemiBold.ttf"].map((file) =>
    resolve(`@expo-google-fonts/source-sans-3/${file}`),
  );
}

/**
 * An SVG figure as a PNG. System fonts are never looked at, so that a figure has the same pixels on every machine.
 * Node only; a browser draws the SVG itself.
 * @throws usage error when `scale` is not positive, input error when `svg` is not well-formed.
 */
export function svgToPng(svg: string, options: PngOptions = {}): Uint8Array {
  const { scale = 3, background = "white", fontFiles = [] } = options;
  if (!(scale > 0 && Number.isFinite(scale)))
    throw usageError(`the scale of a PNG must be positive; got ${scale}`);
  try {
    const image = new Resvg(svg, {
      fitTo: { mode: "zoom", value: scale },
      ...(background === "transparent" ? {} : { background }),
      font: {
        loadSystemFonts: false,
        fontFiles: [...ownFonts(), ...fontFiles],
        defaultFontFamily: family,
        sansSerifFamily: family,
      },
    });
    return new Uint8Array(image.render().asPng());
  } catch (error) {
    throw inputError(`cannot draw this SVG: ${error instanceof Error ? error.message : error}`, error);
  }
}
