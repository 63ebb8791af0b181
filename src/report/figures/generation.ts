import * as Plot from "@observablehq/plot";
import { renderChart } from "./chart.ts";
import { theme } from "./theme.ts";

/** A sampler by what it costs. */
export interface SamplerCost {
  /** How the legend calls it. */
  readonly label: string;
  /** Seconds spent before the first sample. */
  readonly before: number;
  /** Effective samples a second. */
  readonly perSecond: number;
}

/** Points of a line. */
const POINTS = 60;

/**
 * Draws time against the number of effective samples of a model and of a simulation, both axes logarithmic,
 * and the crossing of the two lines: at `crossing` samples, if that is finite and above 1.
 */
export function generation(model: SamplerCost, simulation: SamplerCost, crossing: number): string {
  const time = ({ before, perSecond }: SamplerCost, n: number) => before + n / perSecond;
  const crosses = crossing > 1 && Number.isFinite(crossing);
  const last = 10 ** Math.ceil(Math.log10(Math.max(1e6, crosses ? 30 * crossing : 0)));
  const numbers = Array.from({ length: POINTS }, (_, i) => last ** (i / (POINTS - 1)));
  const line = (sampler: SamplerCost) => numbers.map((n) => ({ n, seconds: time(sampler, n) }));
  const [ours, theirs] = [line(model), line(simulation)];
  const seconds = [...ours, ...theirs].map((point) => point.seconds);
  const stroke = (points: typeof ours, colour: string, className: string, dash?: string) =>
    Plot.lineY(points, {
      ...{ x: "n", y: "seconds", stroke: colour, strokeWidth: theme.lineWidth, className },
      ...(dash && { strokeDasharray: dash }),
    });
  return renderChart({
    description: `seconds against effective samples of ${model.label} and ${simulation.label}`,
    x: { label: "effective samples", domain: [1, last], type: "log" },
    y: {
      label: "time (s)",
      domain: [Math.min(...seconds) / 1.5, Math.max(...seconds) * 1.5],
      type: "log",
      grid: true,
    },
    legend: [
      { key: "line", colour: theme.colour.model, label: model.label },
      { key: "dash", colour: theme.colour.exact, label: simulation.label },
    ],
    marks: [
      stroke(theirs, theme.colour.exact, "simulation", theme.dash),
      stroke(ours, theme.colour.model, "model"),
      ...(crosses
        ? [
            Plot.dot([{ n: crossing, seconds: time(model, crossing) }], {
              ...{ x: "n", y: "seconds", r: 4, fill: theme.colour.data, className: "crossing" },
            }),
          ]
        : []),
    ],
  });
}
