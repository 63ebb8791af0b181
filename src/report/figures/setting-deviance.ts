import * as Plot from "@observablehq/plot";
import { renderChart } from "./chart.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link settingDeviance} draws. */
export interface SettingDevianceData {
  /** In the order of the settings. */
  readonly settings: readonly {
    readonly name: string;
    readonly deviance: number;
    /** Whether it is too large to be chance, all settings considered. */
    readonly isFar: boolean;
  }[];
  /** The mean deviance of a setting that is to be expected of a single state. */
  readonly expected: number;
}

/** Up to this many settings each has its name below it. */
const mostNamed = 9;
/** Settings far off that are named in the chart. */
const mostFar = 6;

/** The deviance of each setting, in the order of the settings, and the range where those of a single state lie. */
export function settingDeviance({ settings, expected }: SettingDevianceData): string {
  const points = settings.map((one, x) => ({ ...one, x }));
  const drawn = points.filter(({ deviance }) => Number.isFinite(deviance));
  if (drawn.length === 0) return emptyFigure("no deviances to draw");
  // A χ² of this mean has twice the mean as its variance.
  const spread = 2 * Math.sqrt(2 * expected);
  const band = [{ low: Math.max(0, expected - spread), high: expected + spread }];
  const far = drawn.filter(({ isFar }) => isFar);
  const named = far.toSorted((a, b) => b.deviance - a.deviance).slice(0, mostFar);
  const highest = Math.max(band[0]!.high, ...drawn.map(({ deviance }) => deviance));
  const domain = [-0.6, settings.length - 0.4] as const;
  const legend: LegendEntry[] = [
    { key: "dot", colour: theme.colour.model, label: "setting" },
    { key: "bar", colour: theme.colour.data, label: "95 % of a single state" },
  ];
  if (far.length > 0) legend.push({ key: "dot", colour: theme.colour.exact, label: "beyond chance" });
  return renderChart({
    description: "deviance of each setting",
    x:
      settings.length <= mostNamed
        ? { label: "setting", domain, names: settings.map(({ name }) => name) }
        : { label: "setting, in the order of the data", domain, whole: true },
    y: { label: "deviance", domain: [0, 1.08 * highest], grid: true },
    legend,
    marks: [
      Plot.rectY(band, {
        ...{ x1: domain[0], x2: domain[1], y1: "low", y2: "high", fill: theme.colour.data },
        fillOpacity: 0.12,
      }),
      Plot.ruleY([expected], { strokeOpacity: 0.5, strokeDasharray: theme.dash }),
      Plot.dot(drawn, {
        ...{ x: "x", y: "deviance", r: drawn.length > 150 ? 2 : 3.2, className: "settings" },
        fill: (one: (typeof drawn)[number]) => (one.isFar ? theme.colour.exact : theme.colour.model),
      }),
      ...(settings.length > mostNamed
        ? [
            Plot.text(named, {
              x: "x",
              y: "deviance",
              text: "name",
              dx: 8,
              textAnchor: "start",
              fontSize: 12,
            }),
          ]
        : []),
    ],
  });
}
