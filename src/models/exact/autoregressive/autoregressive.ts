import { arrayFrom } from "../../../array.ts";
import { levelCount, type Space, sites as siteCount, siteShape } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { inversePermutation } from "../../../random/permutation.ts";
import {
  broadcastTo,
  constant,
  equal,
  expandDims,
  floor,
  logMeanExp,
  mean,
  mul,
  neg,
  reshape,
  type SymbolicKey,
  stack,
  sum,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import { BATCH } from "../../../tensor/shape.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leaves } from "../../../tensor/tree.ts";
import { contextReader } from "../../context.ts";
import type { CompletionRequest, ExactModel, Parameters, ShallowDraws, Symbolic } from "../../contract.ts";
import { inputType } from "../../contract.ts";
import type { Conditionals, Order } from "./conditionals.ts";
import type { CommonHyperparameters } from "./options.ts";
import { makeSector } from "./sector.ts";
import { type Elements, symmetryAverage } from "./symmetry.ts";
import { drawSites } from "./walk.ts";

/** Group elements that a training loss averages over; of a larger group it takes one at random for each row. */
const averagedInLoss = 8;

/**
 * The model of a family's conditionals: log-probabilities, samples and completions in every order, averages over orders
 * and symmetries as probabilities, the constraint of a fixed magnetisation. All are exact: P sums to 1.
 *
 * @throws AnsatzError (usage) for hyperparameters that the space does not allow or that contradict each other.
 */
export function autoregressive<P extends Parameters>(
  conditionals: Conditionals<P>,
  { z2, symmetry, magnetisation }: CommonHyperparameters,
): ExactModel<P> {
  const c = readingContexts(conditionals);
  const { space, head } = c;
  const n = siteCount(space);
  checkCommon(space, { z2, magnetisation });
  const sector = magnetisation === null ? undefined : makeSector(n, magnetisation);
  const group = symmetryAverage(space, [...(z2 ? (["flip"] as const) : []), ...symmetry]);
  const orders = c.orders.map((sites, member): Order => ({ ...orderOf(sites), member }));

  /** log P of each site of `x: [batch, sites]` given those before it in an order, `[batch, sites]`. */
  const bySite = (p: Symbolic<P>, x: Tensor, order: Order, context?: Tensor, noise?: SymbolicKey): Tensor => {
    const free = c.outputs(p, x, order, context, noise);
    const outputs = sector ? sector.allOutputs(free, x, order) : free;
    return head.logProb(p, outputs, x);
  };
  /** log P of `x: [batch, sites]` in one order. */
  const inOrder = (
    p: Symbolic<P>,
    x: Tensor,
    order: Order,
    context?: Tensor,
    noise?: SymbolicKey,
  ): Tensor => {
    const logProb = sum(bySite(p, x, order, context, noise), 1);
    return sector ? sector.within(logProb, x) : logProb;
  };
  /** log P averaged over orders, not over symmetries. */
  const plain = (p: Symbolic<P>, x: Tensor, context?: Tensor, noise?: SymbolicKey): Tensor => {
    const each = orders.map((order, i) => inOrder(p, x, order, context, noise?.fold(i)));
    return each.length === 1 ? (each[0] as Tensor) : logMeanExp(stack(each), 0);
  };
  const rows = (x: Tensor) => reshape(x, [x.shape[0] as number, n]);
  const shaped = (x: Tensor) => reshape(x, [x.shape[0] as number, ...siteShape(space)]);
  const symmetrised = (p: Symbolic<P>, x: Tensor, context?: Tensor, noise?: SymbolicKey) =>
    group.logProb((image) => plain(p, image, context, noise), x);

  /** One draw a row in every order, and of these one at random, moved by a random symmetry. */
  const draw = (p: Symbolic<P>, key: SymbolicKey, temperature?: Tensor, context?: Tensor) => {
    const real = realType(p);
    const draws = orders.map((order, i) =>
      drawSites({
        walk: c.walk(p, order, BATCH, context),
        ...{ order, head, parameters: p, key: key.fold(i), batch: BATCH, real, sector, temperature },
        type: inputType(space, real),
      }),
    );
    const [first] = draws as [(typeof draws)[number]];
    if (orders.length === 1 && group.order === 1) return first;
    const pick = expandDims(floor(mul(uniform(key.fold(orders.length), [BATCH]), orders.length)), 1);
    let { x } = first;
    draws.forEach((other, i) => {
      if (i > 0) x = where(equal(pick, i), other.x, x);
    });
    return move(p, x, key, context);
  };
  /** Drawn rows, each moved by a random symmetry. */
  const move = (p: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor) => {
    const moved = group.act(group.draw(BATCH, key.fold(orders.length + 1)), x);
    return { x: moved, logProb: symmetrised(p, moved, context) };
  };
  /** What a kernel may do of `draw`: the walk in a single order. */
  const shallowDraws = (shallow: NonNullable<typeof c.shallow>): ShallowDraws<P> => ({
    ...shallow,
    order: c.orders[0] as Uint32Array,
    fold: 0,
    ...(group.order > 1 && {
      finish(p, x, key) {
        const { x: moved, logProb } = move(p, rows(x), key);
        return { x: shaped(moved), logProb };
      },
    }),
  });

  const complete = (p: Symbolic<P>, key: SymbolicKey, request: CompletionRequest) => {
    const { context, particles, temperature } = request;
    const real = realType(p);
    const order = request.order ? { ...request.order, member: 0 } : (orders[request.member] as Order);
    const batch = BATCH * particles;
    const repeated = (t: Tensor) => repeatRows(t, particles);
    // Each particle is of one image of the model: what is given moves there with it, and the completion back.
    const elements = group.draw(batch, key.fold(0));
    const drawn = drawSites({
      walk: c.walk(p, order, batch, context && repeated(context)),
      ...{ order, head, parameters: p, key: key.fold(1), batch, real, sector, particles, temperature },
      given: {
        values: group.act(elements, repeated(rows(request.values))),
        known: group.permute(elements, repeated(rows(request.known))),
      },
      companions: elements,
      type: inputType(space, real),
    });
    const x = group.undo(drawn.companions as Elements, drawn.x);
    const logWeight = sector ? sector.within(drawn.logWeight, x) : drawn.logWeight;
    return { x: shaped(x), logWeight, leastEss: drawn.least };
  };

  /** Moves each row by a random symmetry, if there are any. */
  const image = (x: Tensor, key: SymbolicKey) =>
    group.order === 1 ? rows(x) : group.act(group.draw(x.shape[0] as number, key), rows(x));
  const { estimate } = c;

  return {
    kind: "exact",
    family: c.family,
    hyperparameters: c.hyperparameters,
    space,
    context: c.context,
    ...(c.masks && { masks: c.masks }),
    ...(c.decays && { decays: c.decays }),
    ...(c.fitOptions && { fitOptions: c.fitOptions }),
    ...(sector && { refuses: sector.refuses }),
    ...(c.sparse && { sparse: c.sparse }),
    init: c.init,
    logProb: (p, x, context) => symmetrised(p, rows(x), context),
    ...(estimate && {
      estimate: (p, x, key, context) => estimate(p, image(x, key.fold(0)), key.fold(1), context),
    }),
    loss(p, x, key, context) {
      if (estimate) return mean(estimate(p, image(x, key.fold(0)), key.fold(1), context));
      if (c.loss) return c.loss(p, image(x, key.fold(0)), key.fold(1), context);
      const noise = key.fold(1);
      if (group.order <= averagedInLoss) return neg(mean(symmetrised(p, rows(x), context, noise)));
      return neg(mean(plain(p, image(x, key.fold(0)), context, noise)));
    },
    sample(p, key, context, temperature) {
      const { x, logProb } = draw(p, key, temperature, context);
      return { x: shaped(x), logProb };
    },
    autoregressive: {
      ...{ orders: c.orders, anyOrder: c.anyOrder, images: group.order },
      siteLogProb: (p, x, member, context) => bySite(p, rows(x), orders[member] as Order, context),
      complete,
      ...(c.shallow && orders.length === 1 && !sector && { shallow: shallowDraws(c.shallow) }),
    },
  };
}

/** Conditionals that are given contexts as rows have them, from those that are given what networks read of them. */
function readingContexts<P extends Parameters>(c: Conditionals<P>): Conditionals<P> {
  const read = contextReader(c.context);
  const { loss, estimate } = c;
  return {
    ...c,
    outputs: (p, x, order, context, noise) => c.outputs(p, x, order, read(context), noise),
    walk: (p, order, batch, context) => c.walk(p, order, batch, read(context)),
    ...(loss && { loss: (p, x, key, context) => loss(p, x, key, read(context)) }),
    ...(estimate && { estimate: (p, x, key, context) => estimate(p, x, key, read(context)) }),
  };
}

/** Each row `particles` times, one after the other. */
function repeatRows(t: Tensor, particles: number): Tensor {
  const [rows, ...rest] = t.shape as [number, ...number[]];
  const wide = broadcastTo(expandDims(t, 1), [rows, particles, ...rest]);
  return reshape(wide, [rows * particles, ...rest]);
}

function realType<P>(p: P): "f32" | "f64" {
  const [first] = leaves(p, isTensor);
  return first?.dtype as "f32" | "f64";
}

/** An order as constants, from the site at each position. */
export function orderOf(sites: Uint32Array): Pick<Order, "sites" | "positions"> {
  const tensor = (values: ArrayLike<number>) => constant(arrayFrom("i32", [values.length], values));
  return { sites: tensor(sites), positions: tensor(inversePermutation(sites)) };
}

function checkCommon(
  space: Space,
  { z2, magnetisation }: Pick<CommonHyperparameters, "z2" | "magnetisation">,
): void {
  if (z2 && space.kind !== "binary") throw usageError("z2 flips spins: it needs a binary space");
  if (magnetisation === null) return;
  if (space.kind !== "binary") throw usageError("magnetisation is of spins: it needs a binary space");
  if (z2 && magnetisation !== 0)
    throw usageError(
      `z2 and magnetisation ${magnetisation} contradict each other: a flip leads out of that sector`,
    );
}

/** Throws AnsatzError (usage), naming the family, for a space that is neither binary nor categorical. */
export function requireDiscrete(family: string, space: Space): void {
  if (space.kind === "binary" || space.kind === "categorical") return;
  const count = levelCount(space);
  const hint = count === undefined ? "" : `; --space categorical:${count} takes grey levels as states`;
  throw usageError(`${family} models binary and categorical spaces, not ${space.kind} ones${hint}`);
}
