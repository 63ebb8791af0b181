import type { Key } from "../../random/key.ts";
import { fillNormal } from "../../random/normal.ts";
import { type Stream, stream } from "../../random/stream.ts";
import type { Action } from "./action.ts";
import { kinetic, leapfrog } from "./leapfrog.ts";

/** Parameters of trajectories. */
export interface Trajectory {
  /** Size of a leapfrog step. */
  readonly step: number;
  /** Mean length: each trajectory's own is uniform between half and one and a half times this. */
  readonly length: number;
}

const turn = 2 * Math.PI;

/**
 * One Markov chain of hybrid (Hamiltonian) Monte Carlo: normal momenta, a leapfrog trajectory, and acceptance with
 * probability min(1, e^{−ΔH}). Lengths vary at random, so that no mode of the field turns by a whole period every time.
 */
export class HmcChain {
  /** The present field, the chain's own memory. */
  readonly field: Float64Array;
  readonly #action: Action;
  readonly #momentumKey: Key;
  readonly #random: Stream;
  readonly #momenta: Float64Array;
  readonly #force: Float64Array;
  readonly #proposal: Float64Array;
  #value: number;
  #drawn = 0;

  /** A chain that starts from `start`, taken over, and draws from `key`. */
  constructor(action: Action, key: Key, start: Float64Array) {
    const [momenta, rest] = key.split(2) as [Key, Key];
    this.#action = action;
    this.#momentumKey = momenta;
    this.#random = stream(rest);
    this.field = start;
    this.#momenta = new Float64Array(action.size);
    this.#force = new Float64Array(action.size);
    this.#proposal = new Float64Array(action.size);
    this.#value = action.value(start);
  }

  /** Moves on by `count` trajectories; returns the mean probability by which they were accepted. */
  advance(count: number, { step, length }: Trajectory): number {
    const action = this.#action;
    const [momenta, proposal, field] = [this.#momenta, this.#proposal, this.field];
    let accepted = 0;
    for (let n = 0; n < count; n++) {
      fillNormal(this.#momentumKey, momenta, this.#drawn);
      this.#drawn += momenta.length;
      proposal.set(field);
      const steps = Math.max(1, Math.round((length * (0.5 + this.#random.uniform())) / step));
      const before = this.#value + kinetic(momenta);
      leapfrog(action, proposal, momenta, this.#force, step, steps);
      const value = action.value(proposal);
      const change = value + kinetic(momenta) - before;
      // A trajectory that has run away gives no number, and is refused.
      const probability = change <= 0 ? 1 : Math.exp(-change) || 0;
      accepted += probability;
      if (this.#random.uniform() < probability) {
        if (action.angles)
          for (let i = 0; i < field.length; i++)
            field[i] = proposal[i]! - turn * Math.floor(proposal[i]! / turn + 0.5);
        else field.set(proposal);
        this.#value = value;
      }
      if (action.jump) {
        action.jump(field, this.#random);
        this.#value = action.value(field);
      }
    }
    return accepted / count;
  }
}
