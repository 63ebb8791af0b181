import type { FitSubject } from "../fit-subject.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Panel } from "../study.ts";
import { adversary } from "./adversary.ts";
import { bounds } from "./bounds.ts";
import { chains } from "./chains.ts";
import { codePlane } from "./code-plane.ts";
import { configurations } from "./configurations.ts";
import { contexts } from "./contexts.ts";
import { convergence } from "./convergence.ts";
import { correlation } from "./correlation.ts";
import { energies } from "./energies.ts";
import { flowTime } from "./flow-time.ts";
import { freeEnergy } from "./free-energy.ts";
import { generation, solvedGeneration } from "./generation.ts";
import { likelihood } from "./likelihood.ts";
import { observables } from "./observables.ts";
import { outcomes } from "./outcomes.ts";
import { plane } from "./plane.ts";
import { reconstructions } from "./reconstructions.ts";
import { reweighted } from "./reweighted.ts";
import { samplesStrip } from "./samples-strip.ts";
import { solvedConfigurations, solvedCorrelation, solvedWeights } from "./solved-rows.ts";
import { spectrum } from "./spectrum.ts";
import { state } from "./state.ts";
import { table } from "./table.ts";
import { training } from "./training.ts";
import { traversals } from "./traversals.ts";
import { solvedTwoSample, twoSample } from "./two-sample.ts";

/** The panels of every fit, in the order of the page. A new one is its file and its line here. */
export const fitPanels: readonly Panel<FitSubject>[] = [
  training,
  plane,
  flowTime,
  adversary,
  configurations,
  samplesStrip,
  reconstructions,
  codePlane,
  traversals,
  table,
  likelihood,
  state,
  outcomes,
  bounds,
  chains,
  observables,
  contexts,
  energies,
  correlation,
  generation,
  spectrum,
  twoSample,
];

/** The panels of a fit of a model that does not sample. */
export const unsampledPanels: readonly Panel<FitSubject>[] = [
  training,
  reconstructions,
  codePlane,
  traversals,
];

/** The panels of every solve, in the order of the page. */
export const solvePanels: readonly Panel<SolveSubject>[] = [
  convergence,
  solvedConfigurations,
  freeEnergy,
  reweighted,
  solvedCorrelation,
  solvedWeights,
  solvedGeneration,
  solvedTwoSample,
];
