import { type ConfigurationsData, configurations } from "./figures/configurations.ts";
import { type ConvergenceData, convergence } from "./figures/convergence.ts";
import { type CorrelationData, correlation } from "./figures/correlation.ts";
import { type LogWeightsData, logWeights } from "./figures/log-weights.ts";
import { type ObservableHistogramData, observableHistogram } from "./figures/observable-histogram.ts";
import { type PlaneDensitiesData, planeDensities } from "./figures/plane.ts";
import { type TrainingCurveData, trainingCurve } from "./figures/training-curve.ts";

/** The data of all figures of a run; what is absent is not drawn. */
export interface FigureData {
  readonly training?: TrainingCurveData | undefined;
  /** Quantities of a solve against its steps, by the name of their file. */
  readonly convergence?: Readonly<Record<string, ConvergenceData>> | undefined;
  /** Densities of the plane, by the name of their file. */
  readonly planes?: Readonly<Record<string, PlaneDensitiesData>> | undefined;
  readonly configurations?: ConfigurationsData | undefined;
  /** Observables by the name of their file: `{ magnetisation: { label: "|m|", … } }`. */
  readonly observables?: Readonly<Record<string, ObservableHistogramData>> | undefined;
  readonly correlation?: CorrelationData | undefined;
  readonly logWeights?: LogWeightsData | undefined;
}

/**
 * Every figure there is data for, by a name that can be a file's: "training-curve", "convergence-…",
 * "plane-…", "configurations", "observable-…", "correlation", "log-weights". Values are standalone SVGs.
 */
export function buildFigures(data: FigureData): Record<string, string> {
  const figures: Record<string, string> = {};
  if (data.training) figures["training-curve"] = trainingCurve(data.training);
  for (const [name, quantity] of Object.entries(data.convergence ?? {}))
    figures[`convergence-${slug(name)}`] = convergence(quantity);
  for (const [name, plane] of Object.entries(data.planes ?? {}))
    figures[`plane-${slug(name)}`] = planeDensities(plane);
  if (data.configurations) figures.configurations = configurations(data.configurations);
  for (const [name, observable] of Object.entries(data.observables ?? {}))
    figures[`observable-${slug(name)}`] = observableHistogram(observable);
  if (data.correlation) figures.correlation = correlation(data.correlation);
  if (data.logWeights) figures["log-weights"] = logWeights(data.logWeights);
  return figures;
}

function slug(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-|-$/g, "") || "unnamed";
}
