import type { NDArray } from "../array.ts";
import { siteShape, sites } from "../data/space.ts";
import { KEY, Spec, type Traced as TracedFunction, trace } from "../runtime/trace.ts";
import { scalar } from "../tensor/ops/constant.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { scan } from "../tensor/ops/scan.ts";
import { BATCH } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { leavesWithPaths } from "../tensor/tree.ts";
import { freeze, isArray } from "./arrays.ts";
import { contextSize } from "./context.ts";
import {
  type Autoregressive,
  type BoundedModel,
  type CompletionRequest,
  type Domain,
  type EnergyModel,
  type EnergyParameters,
  type ExactModel,
  type ImplicitModel,
  inputType,
  type ModelBase,
  type Parameters,
} from "./contract.ts";
import { boundOf, shaped } from "./shaped.ts";

type Tables = Readonly<Record<string, Tensor>>;

/**
 * The log-probability of an exact model as a graph over any batch: `x [batch, ...sites]` → `logprob [batch]`. Parameters
 * are constants of the graph; those at paths `fed` are inputs after the others instead, sorted by path.
 */
export function traceLogProb<P extends Parameters>(
  model: ExactModel<P>,
  parameters: P,
  fed: readonly string[] = [],
): TracedFunction {
  const f = (x: Tensor, context: Tensor | undefined, tables: Tables) =>
    shaped(model.family, "logProb", model.logProb(freeze(parameters, tables), x, context), [BATCH]);
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  return rename(trace(f, [x, ...shared(model, parameters, fed)], ["x", "context", "table"]), ["logprob"]);
}

/** The log-weight of an energy model as a graph over any batch: `x [batch, ...sites]` → `logweight [batch]`. */
export function traceLogWeight<P extends EnergyParameters>(
  model: EnergyModel<P>,
  parameters: P,
): TracedFunction {
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  const f = (rows: Tensor) =>
    shaped(model.family, "logWeight", model.logWeight(freeze(parameters), rows), [BATCH]);
  return rename(trace(f, [x], ["x"]), ["logweight"]);
}

/** `levelBound` of an exact model that has one, as a graph over any batch of rows: noise, `x`, context → `[batch]`. */
export function traceLevelBound<P extends Parameters>(model: ExactModel<P>, parameters: P): TracedFunction {
  const f = (key: SymbolicKey, x: Tensor, context: Tensor | undefined) =>
    shaped(model.family, "levelBound", model.levelBound?.(freeze(parameters), x, key, context), [BATCH]);
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  return trace(f, [KEY, x, contextSpec(model)]);
}

/** One draw of the bound of a bounded model as a graph over any batch: noise, `x`, context → `bound [batch]`. */
export function traceBound<P extends Parameters>(model: BoundedModel<P>, parameters: P): TracedFunction {
  const f = (key: SymbolicKey, x: Tensor, context: Tensor | undefined) =>
    boundOf(model, freeze(parameters), x, key, context).bound;
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  return rename(trace(f, [KEY, x, contextSpec(model)], ["key", "x", "context"]), ["bound"]);
}

/**
 * Several draws of the bound of each row as a graph over any batch: noise, `x`, context → `bounds [draws, batch]`. What does not
 * depend on the noise, such as the encoder of a row, is computed once.
 */
export function traceBounds<P extends Parameters>(
  model: BoundedModel<P>,
  parameters: P,
  draws: number,
): TracedFunction {
  const f = (key: SymbolicKey, x: Tensor, context: Tensor | undefined) => {
    const p = freeze(parameters);
    const [, bounds] = scan(
      () => [{}, boundOf(model, p, x, key, context).bound] as const,
      {},
      {},
      { length: draws },
    );
    return bounds;
  };
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  return rename(trace(f, [KEY, x, contextSpec(model)], ["key", "x", "context"]), ["bounds"]);
}

/** The sampler of a model without log-probabilities as a graph over any batch: noise, context → `x [batch, ...sites]`. */
export function traceDraws<P extends Parameters>(
  model: BoundedModel<P> | ImplicitModel<P>,
  parameters: P,
): TracedFunction {
  const f = (key: SymbolicKey, context: Tensor | undefined) =>
    drawnBy(model, model.sample(freeze(parameters), key, context).x);
  return rename(trace(f, [KEY, contextSpec(model)], ["key", "context"]), ["x"]);
}

/** One sweep of an energy model's chain as a graph over any batch: `x [batch, ...sites]` and noise → the next x. */
export function traceSweep<P extends EnergyParameters>(model: EnergyModel<P>, parameters: P): TracedFunction {
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  const f = (rows: Tensor, key: SymbolicKey) =>
    shaped(model.family, "sweep", model.path.sweep(freeze(parameters), rows, scalar(1), key), x.shape);
  return rename(trace(f, [x, KEY], ["x", "key"]), ["next"]);
}

/**
 * The sampler of an exact model as a graph over any batch: noise → `x [batch, ...sites]` and `logprob [batch]`; `fed` as
 * in {@link traceLogProb}. A `tempered` one takes the temperature, a scalar, as its last input.
 */
export function traceSampler<P extends Parameters>(
  model: ExactModel<P>,
  parameters: P,
  fed: readonly string[] = [],
  { tempered = false } = {},
): TracedFunction {
  const f = (key: SymbolicKey, context: Tensor | undefined, tables: Tables, temperature?: Tensor) => {
    const { x, logProb } = model.sample(freeze(parameters, tables), key, context, temperature);
    return [drawnBy(model, x), shaped(model.family, "logProb of sample", logProb, [BATCH])];
  };
  const specs = [KEY, ...shared(model, parameters, fed), tempered ? new Spec([]) : undefined] as const;
  return rename(trace(f, specs, ["key", "context", "table", "temperature"]), ["x", "logprob"]);
}

/** Which completions {@link traceCompleter} makes. */
interface CompleterOptions {
  readonly particles: number;
  readonly member: number;
  /** Whether the order is given at each call, as its sites and their positions: the last two inputs. */
  readonly ownOrder: boolean;
  /** Whether a temperature is given at each call, before the order. */
  readonly tempered: boolean;
}

/**
 * Completions as a graph over any batch of configurations with gaps: values and which are known, both
 * `[batch, ...sites]`, then a context and tables as in {@link traceLogProb} → particles, their log-weights and the least
 * effective sample size of their row.
 */
export function traceCompleter<P extends Parameters>(
  model: ExactModel<P>,
  parameters: P,
  fed: readonly string[],
  { particles, member, ownOrder, tempered }: CompleterOptions,
): TracedFunction {
  const { space, autoregressive } = model;
  const f = (
    key: SymbolicKey,
    values: Tensor,
    known: Tensor,
    context: Tensor | undefined,
    tables: Tables,
    temperature?: Tensor,
    order?: NonNullable<CompletionRequest["order"]>,
  ) => {
    const { x, logWeight, leastEss } = (autoregressive as Autoregressive<P>).complete(
      freeze(parameters, tables),
      key,
      {
        ...{ values, known, particles, member },
        ...(context && { context }),
        ...(temperature && { temperature }),
        ...(order && { order }),
      },
    );
    return [x, logWeight, leastEss];
  };
  const shape = [BATCH, ...siteShape(space)];
  const index = new Spec([sites(space)], "i32");
  return trace(f, [
    KEY,
    new Spec(shape, inputType(space)),
    new Spec(shape),
    ...shared(model, parameters, fed),
    tempered ? new Spec([]) : undefined,
    ownOrder ? { sites: index, positions: index } : undefined,
  ]);
}

/** The rows that a sampler drew, of the shape of a batch of the model's space. */
const drawnBy = ({ family, space }: ModelBase, x: Tensor) =>
  shaped(family, "x of sample", x, [BATCH, ...siteShape(space)]);

/** The types of the optional inputs of every graph of a model: a context, and parameters passed as inputs. */
function shared(model: Domain, parameters: Parameters, fed: readonly string[]) {
  const tables = fedArrays(parameters, fed).map(([path, { shape }]) => [path, new Spec(shape)] as const);
  return [contextSpec(model), Object.fromEntries<Spec>(tables)] as const;
}

/** The type of the context of a batch; none for a model without one. */
const contextSpec = (model: Domain): Spec | undefined =>
  model.context && new Spec([BATCH, contextSize(model)]);

/** The parameters at paths `fed`, sorted by path. */
export function fedArrays(parameters: Parameters, fed: readonly string[]): [string, NDArray<"f32">][] {
  return leavesWithPaths(parameters, isArray)
    .filter(([path]) => fed.includes(path))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function rename(traced: TracedFunction, names: readonly string[]): TracedFunction {
  return { ...traced, outputs: traced.outputs.map((o, i) => ({ ...o, name: names[i] as string })) };
}
