import * as Plot from "@observablehq/plot";
import { domainOf, drawable, renderChart } from "./chart.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** A number of one player through training. */
export interface PlayerSeries {
  /** Its name in the legend. */
  readonly name: string;
  /** Steps and values, in the order they are joined. */
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

/** What {@link players} draws. */
export interface PlayersData {
  /** What the values are, with the unit. */
  readonly quantity: string;
  /** One or two series. */
  readonly series: readonly PlayerSeries[];
  /** The value of a game in which neither can gain, drawn as a dashed line. */
  readonly balance?: { readonly value: number; readonly label: string } | undefined;
}

/** Of the discriminator and of the generator: neither is that of reference values. */
const colours = [theme.colour.model, theme.categories[3]];

/** Numbers of the players of a game against the steps of its training. */
export function players({ quantity, series, balance }: PlayersData): string {
  const shown = series
    .map(({ name, points }, i) => ({
      name,
      colour: colours[i % colours.length] as string,
      points: points.filter(({ step, value }) => drawable(step, value)),
    }))
    .filter(({ points }) => points.length > 0);
  if (shown.length === 0) return emptyFigure(`no steps to draw ${quantity} of`);
  const all = shown.flatMap(({ points }) => points);
  const values = [...all.map(({ value }) => value), ...(balance ? [balance.value] : [])];
  const room = 0.05 * (Math.max(...values) - Math.min(...values)) || 0.01;
  return renderChart({
    description: `${quantity} against steps`,
    x: { label: "step", domain: [0, Math.max(1, ...all.map(({ step }) => step))], whole: true },
    y: {
      label: quantity,
      domain: domainOf([Math.min(...values) - room, Math.max(...values) + room]),
      grid: true,
    },
    legend: [
      ...shown.map(({ name, colour }) => ({ key: "line" as const, colour, label: name })),
      ...(balance ? [{ key: "dash" as const, colour: theme.colour.exact, label: balance.label }] : []),
    ],
    marks: [
      ...(balance
        ? [
            Plot.ruleY([balance.value], {
              ...{ stroke: theme.colour.exact, strokeWidth: theme.lineWidth, strokeDasharray: theme.dash },
              className: "balance",
            }),
          ]
        : []),
      ...shown.map(({ name, points, colour }) =>
        Plot.lineY(points, {
          ...{ x: "step", y: "value", stroke: colour, strokeWidth: theme.lineWidth },
          className: name,
        }),
      ),
    ],
  });
}
