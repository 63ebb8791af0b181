import * as Plot from "@observablehq/plot";
import { domainOf, drawable, renderChart } from "./chart.ts";
import { categoryColours, sequential } from "./colours.ts";
import { formatNumber } from "./format.ts";
import { emptyFigure } from "./svg.ts";

/** What {@link codePlane} draws. */
export interface CodePlaneData {
  /** Two numbers a point: `[points, 2]` row by row. */
  readonly points: ArrayLike<number>;
  /** What the axes are called. */
  readonly axes: readonly [string, string];
  /** A number of each point that colours it. */
  readonly values: ArrayLike<number>;
  /** What the number is called. */
  readonly label: string;
  /** Number of labels, if the numbers are labels from 0 (default: real numbers). */
  readonly labels?: number | undefined;
}

/** Steps of the legend of a real number. */
const steps = 5;

/** Codes as points of a plane, coloured by a label or by a number of their rows. */
export function codePlane({ points, axes, values, label, labels }: CodePlaneData): string {
  const all = Array.from({ length: values.length }, (_, i) => ({
    x: points[2 * i] as number,
    y: points[2 * i + 1] as number,
    value: values[i] as number,
  })).filter(({ x, y, value }) => drawable(x, y, value));
  if (all.length === 0) return emptyFigure("no codes to draw");
  const found = all.map(({ value }) => value);
  const [low, high] = [Math.min(...found), Math.max(...found)];
  const colours = labels === undefined ? [] : categoryColours(labels);
  const colourOf = (value: number) =>
    labels === undefined
      ? sequential(high > low ? (value - low) / (high - low) : 0)
      : (colours[value] as string);
  const legend =
    labels === undefined
      ? Array.from({ length: high > low ? steps : 1 }, (_, k) => {
          const value = low + ((high - low) * k) / (steps - 1);
          const text = formatNumber(value, 3);
          return { colour: colourOf(value), label: k === 0 ? `${label} ${text}` : text };
        })
      : colours.map((colour, k) => ({ colour, label: k === 0 ? `${label} 0` : String(k) }));
  return renderChart({
    description: `codes in the plane, coloured by ${label}`,
    x: { label: axes[0], domain: domainOf(all.map(({ x }) => x)) },
    y: { label: axes[1], domain: domainOf(all.map(({ y }) => y)), grid: true },
    legend: legend.map((entry) => ({ key: "bar", ...entry })),
    marks: [
      Plot.dot(all, {
        x: "x",
        y: "y",
        r: 1.8,
        fill: ({ value }: { value: number }) => colourOf(value),
        fillOpacity: 0.7,
        className: "codes",
      }),
    ],
  });
}
