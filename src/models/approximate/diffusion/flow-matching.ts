import { levelCount, real, type Space, siteShape, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
import { normal, type SymbolicKey, type Tensor } from "../../../tensor/index.ts";
import { constantColumns } from "../../constant-columns.ts";
import { contextFeatures, contextReader } from "../../context.ts";
import type { BoundedModel, Domain, Family, HasCodes, TimeDrawing, TimeFlow } from "../../contract.ts";
import { doubtfulColumns } from "../../doubtful-columns.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { sphericalWalk } from "../../walks.ts";
import { paddingOf } from "../latent/networks/padding.ts";
import { boundDraw } from "./bound.ts";
import { dataMap, type Units } from "./data.ts";
import { noiseOf, unwhiten } from "./density.ts";
import { flowTime } from "./flow-time.ts";
import { componentModes } from "./modes/components.ts";
import { cosineModes } from "./modes/cosine.ts";
import { siteModes } from "./modes/fixed.ts";
import type { Modes } from "./modes/modes.ts";
import { spectrumModes } from "./modes/spectrum.ts";
import { chosenNetwork, networkName } from "./networks/choose.ts";
import { flowMonitor, flowObjective } from "./objective.ts";
import { type FlowMatchingHyperparameters, type FlowMatchingOptions, schema } from "./options.ts";
import { type FlowMatchingParameters, type FlowParts, type P, realType, rowsOf } from "./parts.ts";
import { paths } from "./path.ts";
import { diffuseFrom, flowFrom } from "./sampler.ts";

/** A flow in time: a bound, and noise as codes. */
export type FlowMatchingModel = BoundedModel<FlowMatchingParameters> &
  HasCodes<FlowMatchingParameters> & {
    readonly flowTime: TimeFlow<FlowMatchingParameters, BoundedModel<FlowMatchingParameters>>;
  };

const FAMILY = "flow-matching";

/** Columns of a table up to which principal components are found. */
const MOST_COMPONENTS = 256;

/** Where log(t/(1 − t)) lies in training. */
const TIMES = { middle: { middle: 0, width: 1 }, data: { middle: -1, width: 1.5 } };

/** Steps from noise to data where none are given. */
const STEPS = { ode: 12, sde: 250 };

/**
 * Flow matching, and diffusion: rows and noise are the ends of paths z_t = a x + s ε, and the model is the mean velocity at each point, from
 * which rows are drawn (Lipman et al., arXiv:2210.02747; Albergo & Vanden-Eijnden, arXiv:2209.15571). The velocity of the Gaussian with the
 * data's covariance is exact and a network corrects it. Optional context. Throws AnsatzError (usage) for spaces other than real
 * numbers and for hyperparameters out of range, naming them.
 */
export function makeFlowMatching(domain: Domain, options: FlowMatchingOptions = {}): FlowMatchingModel {
  const { space } = domain;
  const { h, parts } = planned(domain, options);
  const drawing = { steps: h.steps, guidance: h.guidance };
  // Codes go by the flow's equation, whatever rows are drawn by.
  const codeSteps = h.sampler === "ode" ? h.steps : STEPS.ode;
  const noise = (p: P, key: SymbolicKey, context?: Tensor) =>
    normal(key, [rowsOf(context), parts.sites], realType(p));
  const model: Omit<FlowMatchingModel, "flowTime"> = {
    kind: "bounded",
    family: FAMILY,
    hyperparameters: h,
    ...domain,
    importance: false,
    rowsAtOnce: parts.network.rowsAtOnce,
    init: (key: Key) => ({
      data: parts.data.init(key.fold(0)),
      modes: parts.modes.init(),
      network: parts.network.init(key.fold(1)),
    }),
    adapt(p, x) {
      const data = parts.data.adapt?.(p.data, x) ?? p.data;
      const { value } = parts.data.inverse(data, x);
      return { ...p, data, modes: parts.modes.adapt(p.modes, value) };
    },
    ...(space.kind === "real" &&
      levelCount(space) === undefined && {
        refusesTraining: constantColumns(space),
        doubtsTraining: doubtfulColumns(space),
      }),
    // Small batches of pictures: a step is long enough, and learns as much as one of many rows.
    fitOptions: () => ({
      ...(h.network === "mlp" ? { batch: 256, lr: 2e-3 } : { batch: 32, lr: 1e-3 }),
      average: 0.999,
    }),
    decays: (path) => path.startsWith("network.") && path.endsWith("weight"),
    objective: flowObjective(parts),
    monitor: flowMonitor(parts, h.network === "mlp"),
    bound: (p, x, key, context) => boundDraw(parts, p, x, key, context),
    sample(p, key, context) {
      const start = noise(p, key.fold(0), context);
      const y =
        h.sampler === "ode"
          ? flowFrom(parts, p, start, context, drawing)
          : diffuseFrom(parts, p, start, context, key.fold(1), drawing);
      return { x: unwhiten(parts, p, y).x };
    },
    coding: {
      codes: real([parts.sites]),
      invertible: true,
      encode: (p, x, context) => noiseOf(parts, p, x, context, codeSteps),
      decode: (p, codes, context) =>
        unwhiten(parts, p, flowFrom(parts, p, codes, context, { steps: codeSteps, guidance: 1 })).x,
      draw: noise,
      walk: sphericalWalk,
    },
  };
  const remade = ({ steps = h.steps, guidance = h.guidance }: TimeDrawing) =>
    makeFlowMatching(domain, { ...h, steps, guidance });
  return { ...model, flowTime: flowTime(parts, { model, steps: codeSteps, drawnSteps: h.steps, remade }) };
}

/** The parts of a model, and its hyperparameters with every default resolved. */
export function planned(
  domain: Domain,
  options: unknown,
): { h: FlowMatchingHyperparameters; parts: FlowParts } {
  const { space } = domain;
  const given = checkHyperparameters(FAMILY, schema, options);
  const checked = {
    ...given,
    padding: paddingOf(given.padding),
    steps: given.steps || STEPS[given.sampler],
  };
  const shape = siteShape(space);
  const kind = kindOf(shape, checked.padding);
  const data = dataMap(FAMILY, space, kind);
  if (checked.guidance !== 1 && (!domain.context || checked.contextDropout === 0))
    throw usageError(
      `${FAMILY}: guidance needs a context that is hidden in part of the training rows; take guidance=1, or contextDropout=0.1`,
    );
  const contextDropout = domain.context ? checked.contextDropout : 0;
  const read = contextFeatures(domain);
  const request = { family: FAMILY, shape, table: kind === "columns", h: checked };
  return {
    h: { ...checked, network: networkName(request) },
    parts: {
      ...{ sites: sites(space), shape, data, contextDropout },
      path: paths[checked.path],
      times: TIMES[checked.times === "auto" ? (kind === "columns" ? "data" : "middle") : checked.times],
      modes: modesOf(checked.modes, space, kind),
      network: chosenNetwork({ ...request, contextSize: read + Number(contextDropout > 0) }),
      read: contextReader(domain.context),
    },
  };
}

/** What the sites of a shape are taken for. */
function kindOf(shape: readonly number[], padding: "zero" | "periodic"): Units {
  if (padding === "periodic") return "lattice";
  return shape.length === 1 ? "columns" : "pictures";
}

function modesOf(asked: FlowMatchingHyperparameters["modes"], space: Space, kind: Units): Modes {
  const shape = siteShape(space);
  const n = sites(space);
  const suited = {
    columns: n <= MOST_COMPONENTS ? "components" : "sites",
    pictures: "cosine",
    lattice: "spectrum",
  };
  const name = asked === "auto" ? suited[kind] : asked;
  if (name === "components" && n > MOST_COMPONENTS)
    throw usageError(
      `${FAMILY}: principal components of ${n} sites take too long; take modes=sites or cosine (at most ${MOST_COMPONENTS} sites)`,
    );
  if (name === "components") return componentModes(n);
  if (name === "spectrum") return spectrumModes(shape);
  return name === "cosine" ? cosineModes(shape) : siteModes(n);
}

/** The family for the registry. */
export const flowMatching: Family<FlowMatchingModel> = {
  name: FAMILY,
  kind: "bounded",
  summary:
    "flow matching and diffusion: an exact Gaussian and a network that corrects it, a bound of the likelihood",
  schema,
  parameterCount(domain, options) {
    const { modes, network, sites } = planned(domain, options).parts;
    return 2 * sites + modes.count + network.count;
  },
  create: (domain, hyperparameters) => makeFlowMatching(domain, hyperparameters as FlowMatchingOptions),
};
