import * as Plot from "@observablehq/plot";
import { theme } from "./theme.ts";

/** Colours from position 0 to 1 along a scale. */
export type ColourScale = (t: number) => string;

function scheme(name: Plot.ColorScheme, reverse = false): ColourScale {
  const scale = Plot.scale({ color: { type: "linear", scheme: name, domain: [0, 1], reverse } });
  if (!scale) throw new Error(`Plot knows no colour scheme ${name}`);
  return (t) => hex(String(scale.apply(Math.min(1, Math.max(0, t)))));
}

/** For fields of one sign: dark to light, even in brightness and readable with any colour vision (Nuñez et al. 2018). */
export const sequential: ColourScale = scheme("cividis");

/** For fields around zero: blue below, white at zero, red above. */
export const diverging: ColourScale = scheme("rdbu", true);

/** For numbers from −1 to 1: {@link diverging} without its darkest ends, in which shapes would lose their edges. */
export const signed: ColourScale = (t) => diverging((0.88 * Math.min(1, Math.max(-1, t)) + 1) / 2);

// Samples of "twilight" (Brice, 2018, CC0), whose brightness rises and falls once around the circle.
const twilight = [
  [226, 217, 226],
  [158, 187, 201],
  [103, 133, 190],
  [94, 67, 165],
  [66, 18, 87],
  [47, 20, 54],
  [87, 23, 69],
  [142, 44, 80],
  [183, 98, 90],
  [207, 165, 143],
  [226, 217, 226],
] as const;

/** For angles: the same colour at 0 and 1. */
export const cyclic: ColourScale = (t) => {
  const position = (t - Math.floor(t)) * (twilight.length - 1);
  const i = Math.min(twilight.length - 2, Math.floor(position));
  const [a, b] = [twilight[i]!, twilight[i + 1]!];
  return toHex(a.map((c, k) => c + (position - i) * (b[k]! - c)));
};

/** Colours of `states` categories: the theme's, and for more than it has, evenly along the sequential scale. */
export function categoryColours(states: number): readonly string[] {
  if (states <= theme.categories.length) return theme.categories.slice(0, states);
  return Array.from({ length: states }, (_, k) => sequential(k / (states - 1)));
}

function hex(colour: string): string {
  const rgb = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  return rgb ? toHex(rgb.slice(1).map(Number)) : colour;
}

function toHex(rgb: readonly number[]): string {
  return `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;
}
