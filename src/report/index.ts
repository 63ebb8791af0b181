/**
 * Figures as SVG, tables as text, and the HTML page.
 *
 * @module ansatz/report
 */

export { escapeMarkup } from "./escape.ts";
export { betweenText, countOf, estimateText } from "./estimate-text.ts";
export { figureName } from "./figure-name.ts";
export { type AmplitudesData, amplitudes } from "./figures/amplitudes.ts";
export type { SiteValues } from "./figures/cell-colours.ts";
export type { Measured, Reference } from "./figures/chart.ts";
export { type CodePlaneData, codePlane } from "./figures/code-plane.ts";
export { type ConfigurationsData, configurations } from "./figures/configurations.ts";
export { type ContextCurveData, type ContextCurvePoint, contextCurve } from "./figures/context-curve.ts";
export { type ConvergenceData, type ConvergencePoint, convergence } from "./figures/convergence.ts";
export { type CorrelationData, type CorrelationPoint, correlation } from "./figures/correlation.ts";
export {
  type CorrelationCell,
  type CorrelationMatrixData,
  correlationMatrix,
} from "./figures/correlation-matrix.ts";
export { type CouplingGraphData, couplingGraph } from "./figures/coupling-graph.ts";
export {
  type CurveDifference,
  type CurveDifferencesData,
  curveDifferences,
} from "./figures/curve-differences.ts";
export { type DensityBarsData, densityBars } from "./figures/density-bars.ts";
export { type DensityMapData, type DensityMapGroup, densityMap } from "./figures/density-map.ts";
export { type EigenvaluesData, eigenvalues } from "./figures/eigenvalues.ts";
export { formatNumber } from "./figures/format.ts";
export { generation, type SamplerCost } from "./figures/generation.ts";
export { type LogWeightsData, logWeights } from "./figures/log-weights.ts";
export { type ModelComparisonData, modelComparison } from "./figures/model-comparison.ts";
export {
  type ObservableHistogramData,
  type ObservableSample,
  observableHistogram,
} from "./figures/observable-histogram.ts";
export { type PairsData, pairs } from "./figures/pairs.ts";
export { type PauliBarsData, pauliBars } from "./figures/pauli-bars.ts";
export { type PlaneDensitiesData, type PlanePanel, planeDensities } from "./figures/plane.ts";
export { type PlayerSeries, type PlayersData, players } from "./figures/players.ts";
export { restarts } from "./figures/restarts.ts";
export { type SettingDevianceData, settingDeviance } from "./figures/setting-deviance.ts";
export { type Bins, sharedBins } from "./figures/shared-bins.ts";
export { type TestBarsData, testBars } from "./figures/test-bars.ts";
export { theme } from "./figures/theme.ts";
export { type CurvePoint, type TrainingCurveData, trainingCurve } from "./figures/training-curve.ts";
export { page } from "./page.ts";
export type { Facts, NumberRow, PageContent, Provenance, ReferenceValue, ReportFigure } from "./report.ts";
export { markdownTable, textColumns, textTable } from "./table.ts";
