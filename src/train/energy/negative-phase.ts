import { ndarray } from "../../array.ts";
import { siteShape } from "../../data/space.ts";
import {
  type EnergyModel,
  type EnergyParameters,
  type GradientPlayer,
  inputType,
  type Stored,
  type Symbolic,
} from "../../models/contract.ts";
import type { Key } from "../../random/key.ts";
import { cast, reshape, type SymbolicKey, scalar, scan, slice, type Tensor } from "../../tensor/index.ts";
import { exchange, ladder } from "./exchange.ts";

/** The rows of a step, and what chains carry from one step to the next. */
interface Phase<P extends EnergyParameters> {
  readonly state?: Stored;
  readonly prepare: NonNullable<GradientPlayer<P>["prepare"]>;
}

/**
 * Returns the rows that represent the model in the gradient. Chains of `sweeps` sweeps start at the data in
 * each step (`cd`), continue from their last state (`pcd`), or persist at several points of the tempered path
 * and swap with their neighbours after every sweep (`tempering`: Desjardins et al. 2010), in which case the
 * rows at t = 1 are returned.
 */
export function negativePhase<P extends EnergyParameters>(
  model: EnergyModel<P>,
  rows: (count: number, key: Key) => Float32Array,
  key: Key,
): Phase<P> {
  const { space, path, training } = model;
  const { method, sweeps, chains } = training;
  const type = inputType(space);
  const sites = siteShape(space);

  /** Applies `body` `sweeps` times, with fresh noise each time. */
  const repeat = (x: Tensor, body: (x: Tensor) => Tensor): Tensor =>
    sweeps === 1 ? body(x) : scan((at: Tensor) => [body(at), {}] as const, x, {}, { length: sweeps })[0];
  const plain = (p: Symbolic<P>, x: Tensor, noise: SymbolicKey) =>
    repeat(x, (at) => path.sweep(p, at, scalar(1, p.reference.dtype), noise.fold(0)));

  if (method === "cd")
    return {
      prepare: ({ parameters, x, key: noise }) => ({ state: {}, rows: plain(parameters, x, noise) }),
    };

  const levels = method === "tempering" ? training.temperatures : 1;
  const count = levels * chains;
  const shape = [count, ...sites];
  const state = { chains: ndarray("f32", shape, rows(count, key)) };
  if (levels === 1)
    return {
      state,
      prepare({ parameters, key: noise, state: { chains: at } }) {
        const next = plain(parameters, cast(at as Tensor, type), noise);
        return { state: { chains: cast(next, "f32") }, rows: next };
      },
    };
  const t = ladder(levels, chains);
  return {
    state,
    prepare({ parameters, key: noise, state: { chains: at } }) {
      const next = repeat(cast(at as Tensor, type), (x) =>
        exchange(model, parameters, path.sweep(parameters, x, t, noise.fold(0)), chains, noise.fold(1)),
      );
      // The last level is that of the model.
      const top = slice(next, 0, count - chains, count);
      return { state: { chains: cast(next, "f32") }, rows: reshape(top, [chains, ...sites]) };
    },
  };
}
