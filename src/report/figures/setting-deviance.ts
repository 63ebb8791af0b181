import * as Plot from "@observablehq/plot";
import { renderChart } from "./chart.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link settingDeviance} draws. */
export interface SettingDevianceData {
  /** In the order of the settings. */
  readonly settings: readonly {
    /** The letters of its axes, or its number. */
    readonly name: string;
    /** Its deviance less the mean of a single state, in units of the spread. */
    readonly sigmas: number;
    /** Whether it is too large to be chance, all settings considered. */
    readonly isFar: boolean;
  }[];
}

/** Up to this many settings each has its name below it. */
const mostNamed = 9;
/** Settings far off that are named in the chart. */
const mostFar = 6;

/**
 * Draws the distance of each setting's deviance from that of a single state, in the order of the settings,
 * and the range of two spreads.
 */
export function settingDeviance({ settings }: SettingDevianceData): string {
  const points = settings.map((one, x) => ({ ...one, x }));
  const drawn = points.filter(({ sigmas }) => Number.isFinite(sigmas));
  if (drawn.length === 0) return emptyFigure("no deviances to draw");
  const band = [{ low: -2, high: 2 }];
  const far = drawn.filter(({ isFar }) => isFar);
  const named = far.toSorted((a, b) => b.sigmas - a.sigmas).slice(0, mostFar);
  const [left, right] = [0, 1].map((side) =>
    named.filter(({ x }) => (x > 0.7 * settings.length ? 1 : 0) === side),
  ) as [typeof named, typeof named];
  const name = { x: "x", y: "sigmas", text: "name", fontSize: 12 } as const;
  const highest = Math.max(3, ...drawn.map(({ sigmas }) => sigmas));
  const lowest = Math.min(-3, ...drawn.map(({ sigmas }) => sigmas));
  const domain = [-0.6, settings.length - 0.4] as const;
  const legend: LegendEntry[] = [
    { key: "dot", colour: theme.colour.model, label: "setting" },
    { key: "bar", colour: theme.colour.data, label: "±2 spreads of a single state" },
  ];
  if (far.length > 0) legend.push({ key: "dot", colour: theme.colour.exact, label: "beyond chance" });
  return renderChart({
    description: "deviance of each setting",
    x:
      settings.length <= mostNamed
        ? { label: "setting", domain, names: settings.map(({ name }) => name) }
        : { label: "setting, in the order of the data", domain, whole: true },
    y: { label: "deviance from its mean (spreads)", domain: [1.08 * lowest, 1.08 * highest], grid: true },
    legend,
    marks: [
      Plot.rectY(band, {
        ...{ x1: domain[0], x2: domain[1], y1: "low", y2: "high", fill: theme.colour.data },
        fillOpacity: 0.12,
      }),
      Plot.ruleY([0], { strokeOpacity: 0.5, strokeDasharray: theme.dash }),
      Plot.dot(drawn, {
        ...{ x: "x", y: "sigmas", r: drawn.length > 150 ? 2 : 3.2, className: "settings" },
        fill: (one: (typeof drawn)[number]) => (one.isFar ? theme.colour.exact : theme.colour.model),
      }),
      ...(settings.length > mostNamed
        ? [
            Plot.text(left, { ...name, dx: 8, textAnchor: "start" }),
            Plot.text(right, { ...name, dx: -8, textAnchor: "end" }),
          ]
        : []),
    ],
  });
}
