import * as z from "zod";
import { ndarray } from "../../../src/array.ts";
import type { GradientPlayer, Parameters } from "../../../src/models/contract.ts";
import { adam, type Optimiser, scaled, sgd } from "../../../src/optim/index.ts";
import {
  add,
  cast,
  concat,
  div,
  less,
  mean,
  mul,
  normal,
  reshape,
  slice,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
} from "../../../src/tensor/index.ts";
import { averaged } from "../../../src/train/average.ts";
import type { Course, Policy } from "../../../src/train/course.ts";
import { constantRate, toyCourse, vector } from "./toy.ts";

type Vector = ReturnType<typeof vector>;
type Middle = Parameters & { readonly middle: Vector };

const start = (): Middle => ({ middle: vector(3, [3, 3, 3]) });

/** ½ mean |x − θ|². */
const distance = (x: Tensor, middle: Tensor) => mul(mean(sum(square(sub(x, middle)), 1)), 0.5);

const plain = (more: Partial<GradientPlayer<Middle>> = {}): GradientPlayer<Middle> => ({
  name: "distance",
  optimiser: adam(),
  loss: ({ parameters, x }) => ({ loss: distance(x, parameters.middle) }),
  ...more,
});

/** Chains move outside the derivative, and the gradient is redirected by the rows they gave. */
export const chains = (together: number): Course =>
  toyCourse<Middle, null>({
    initial: start(),
    together,
    objective: {
      state: { chains: ndarray("f32", [4, 3]) },
      players: [
        plain({
          name: "contrast",
          prepare({ parameters, state, key }) {
            const next = add(
              mul(state.chains as Tensor, 0.5),
              mul(add(parameters.middle, normal(key, [4, 3])), 0.5),
            );
            return { state: { chains: next }, rows: next };
          },
          loss: ({ parameters, x }, rows) => ({
            loss: sub(distance(x, parameters.middle), mul(mean(mul(rows as Tensor, 0.1)), 1)),
            parts: { drift: mean(rows as Tensor) },
          }),
          redirect: (_, gradient, rows) => ({
            middle: add(gradient.middle, mul(mean(rows as Tensor, 0), 0.01)),
          }),
        }),
      ],
    },
  });

/** Scalars of the step: a weight that rises over the first half, as in annealing and in KL warm-up. */
export const knobs = (together: number): Course =>
  toyCourse<Middle, null>({
    initial: start(),
    together,
    knobs: (step) => ({ noise: 1 / (1 + step), weight: Math.min(1, step / 50) }),
    objective: {
      players: [
        plain({
          loss({ parameters, x, knobs: { noise, weight } }) {
            const blurred = add(x, noise as Tensor);
            const far = distance(blurred, parameters.middle);
            return { loss: mul(far, weight as Tensor), parts: { weight: weight as Tensor } };
          },
        }),
      ],
    },
  });

type Game = Parameters & { readonly critic: Vector; readonly generator: Vector };

/**
 * A game of two quadratics, min over g and max over c of c·(g − m) + ½|g|²/10 − ½|c|²: the generator's optimum is
 * m/(1 + 1/10), m the means of the rows; the critic has three updates in a step, and every fourth step a penalty.
 * It is near its saddle after some 1,200 steps.
 */
export const game = (steps: number): Course =>
  toyCourse<Game, null>({
    initial: { critic: vector(3), generator: vector(3) },
    knobs: () => ({ ridge: 0.1 }),
    objective: {
      players: [
        {
          name: "critic",
          owns: (path) => path === "critic",
          optimiser: scaled(sgd(), 2),
          updates: 3,
          variant: (step) => (step % 4 === 0 ? "penalty" : "plain"),
          loss({ parameters: { critic, generator }, x }) {
            const value = sum(mul(critic, sub(generator, mean(x, 0))));
            return { loss: sub(mul(sum(square(critic)), 0.5), value), seen: { rows: sum(x, 1) } };
          },
        },
        {
          name: "generator",
          owns: (path) => path === "generator",
          optimiser: sgd(),
          loss({ parameters: { critic, generator }, x, knobs: { ridge } }) {
            const value = sum(mul(critic, sub(generator, mean(x, 0))));
            return { loss: add(value, mul(sum(square(generator)), mul(ridge as Tensor, 0.5))) };
          },
        },
      ],
    },
    watch: async ({ seen }) => ({
      measures: { rows: { value: (seen.rows as Float64Array).length, error: 0 } },
    }),
    policy: { ...constantRate(0), rate: ({ step }) => 0.1 / (1 + step / 200) },
    ...{ steps, round: steps / 3 },
  });

/** A lazy penalty: the loss of every fourth step is another graph. */
export const lazy = (together: number): Course => {
  const player = plain();
  return toyCourse<Middle, null>({
    initial: start(),
    together,
    objective: {
      players: [{ ...player, variant: (step) => (step < 40 ? "early" : "late") }],
    },
  });
};

/** Measures of two sides with warnings. */
export const brackets = (together: number): Course =>
  toyCourse<Middle, null>({
    initial: start(),
    together,
    objective: { players: [plain()] },
    async watch({ parameters, round }) {
      const value = Math.hypot(...parameters.middle.data);
      const side = (shift: number) => ({ value: value + shift, error: 0.1 / round });
      const length = { lower: side(-0.5), upper: side(0.5), warnings: [`round ${round} alone`] };
      return { measures: { length: { ...length, unit: "nats" } } };
    },
    watched: "length",
    ...{ selects: true, keepsBest: true },
    warnings: ["a toy"],
  });

/** An end of its own: at a look that gained too little the rate falls, and after two more looks training stops. */
const automatic: Policy<{ readonly last: number | null; readonly falling: number }> = {
  initial: { last: null, falling: 0 },
  schema: z.object({ last: z.number().nullable(), falling: z.int() }),
  rate: (_, { falling }) => 0.05 / (1 + falling),
  observe({ last, falling }, { value }) {
    const stale = last !== null && value > last - 0.3;
    const next = falling > 0 || stale ? falling + 1 : 0;
    return { state: { last: value, falling: next }, finished: next > 2 ? "automatic" : undefined };
  },
};

export const ending = (together: number): Course =>
  toyCourse<Middle, z.output<typeof automatic.schema>>({
    initial: start(),
    together,
    policy: automatic,
    objective: { players: [plain()] },
    watch: async ({ parameters }) => ({
      measures: {
        far: { value: Math.hypot(...parameters.middle.data.map((v, i) => v - [0.5, -1, 2][i]!)), error: 0 },
      },
    }),
    watched: "far",
    ...{ selects: true, keepsBest: true, steps: 2000 },
  });

/** Steps by the sign of the gradient, of a vector as a whole: a rule that is no elementwise kernel, as Muon is none. */
const normalised: Optimiser = {
  ...sgd(),
  name: "normalised",
  step(flat, { lr }) {
    const norm = Math.hypot(...flat.grads) || 1;
    flat.params.forEach((v, i) => {
      flat.params[i] = v - (lr * (flat.grads[i] as number)) / norm;
    });
  },
};

/** A rule of its own for all parameters, which steps that run together must not leave out. */
export const ownRule = (together = 1): Course =>
  toyCourse<Middle, null>({
    initial: start(),
    objective: {
      players: [
        {
          name: "distance",
          optimiser: scaled(normalised, 0.5),
          loss: ({ parameters: { middle }, x }) => ({ loss: distance(x, middle) }),
        },
      ],
    },
    together,
  });

type Two = Parameters & { readonly layers: readonly [{ readonly bias: Vector }, { readonly bias: Vector }] };

/** A rule for each path. */
export const byPath = (): Course =>
  toyCourse<Two, null>({
    initial: { layers: [{ bias: vector(3) }, { bias: vector(3) }] },
    objective: {
      players: [
        {
          name: "distance",
          optimiser: (path) => (path === "layers.0.bias" ? normalised : byPathAdam),
          loss: ({ parameters: { layers }, x }) => ({
            loss: distance(x, add(layers[0].bias, mul(layers[1].bias, 0.5))),
          }),
        },
      ],
    },
  });
const byPathAdam = adam();

/** A slow average of the weights, which is what is kept. */
export const average = (): Course =>
  toyCourse<Middle, null>({
    initial: start(),
    objective: averaged({ players: [plain()] }, start(), 0.95),
    ...{ keepsBest: true, steps: 600, round: 130 },
  });

/** An objective that keeps parameters of length one, of which a slow average is taken. */
export const settledAverage = (): Course => {
  const settle = ({ middle: { data } }: Middle): Middle => {
    const length = Math.hypot(...data);
    return {
      middle: vector(
        3,
        [...data].map((v) => v / length),
      ),
    };
  };
  return { ...average(), objective: averaged({ players: [plain()], settle }, start(), 0.95) } as Course;
};

type Codes = Parameters & { readonly decoder: Vector };

/**
 * Two codes of the first number of a row: the codebook is a quotient of running averages, state that a loss moves (van den
 * Oord et al., arXiv:1711.00937, appendix A.1); a decoder learns what is left by its gradient.
 */
export const codes = (together: number): Course =>
  toyCourse<Codes, null>({
    initial: { decoder: vector(2) },
    together,
    objective: {
      state: { sums: vector(2, [-1, 1]), used: vector(2, [1, 1]) },
      players: [
        {
          name: "reconstruction",
          optimiser: sgd(),
          loss({ parameters: { decoder }, x, state }) {
            const first = slice(x, 1, 0, 1);
            const { sums, used } = state as { sums: Tensor; used: Tensor };
            const far = square(sub(first, div(sums, used)));
            const isRight = cast(less(slice(far, 1, 1, 2), slice(far, 1, 0, 1)), "f32");
            const chosen = concat([sub(1, isRight), isRight], 1);
            const running = (old: Tensor, now: Tensor) => add(mul(old, 0.9), mul(now, 0.1));
            const next = {
              used: running(used, sum(chosen, 0)),
              sums: running(sums, sum(mul(chosen, first), 0)),
            };
            const decoded = sum(mul(chosen, add(div(sums, used), decoder)), 1);
            return { loss: mean(square(sub(reshape(first, [4]), decoded))), state: next };
          },
        },
      ],
    },
  });

/** A prior over codes whose book is known: the share of rows at the right one. */
export const prior = (book: readonly number[]): Course =>
  toyCourse<{ readonly logit: Vector }, null>({
    initial: { logit: vector(1) },
    objective: {
      players: [
        {
          name: "NLL",
          optimiser: adam(),
          loss({ parameters: { logit }, x }) {
            const middle = ((book[0] as number) + (book[1] as number)) / 2;
            const isRight = cast(less(middle, slice(x, 1, 0, 1)), "f32");
            return { loss: mean(sub(softplus(logit), mul(isRight, logit))) };
          },
        },
      ],
    },
    watch: async () => ({
      measures: { middle: { value: ((book[0] as number) + (book[1] as number)) / 2, error: 0 } },
    }),
    ...{ steps: 300 },
  });

/** A start of a problem with two minima, x⁴/4 − x² + x/5, whose better one lies at negative x. */
export const restart = (from: number): Course =>
  toyCourse<{ readonly x: Vector }, null>({
    initial: { x: vector(1, [from]) },
    source: undefined,
    objective: {
      players: [
        {
          name: "height",
          optimiser: sgd(),
          loss({ parameters: { x } }) {
            const quartic = mul(square(square(x)), 0.25);
            return { loss: sum(add(sub(quartic, square(x)), mul(x, 0.2))) };
          },
        },
      ],
    },
    async watch({ parameters }) {
      const at = parameters.x.data[0] as number;
      return { measures: { height: { value: at ** 4 / 4 - at ** 2 + at / 5, error: 0 } } };
    },
    watched: "height",
    selects: true,
  });
