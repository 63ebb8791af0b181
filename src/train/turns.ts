import { usageError } from "../error.ts";
import type { ClosedPlayer, GradientPlayer, Parameters } from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import { canRunTogether, chunkedStepper } from "./chunked-stepper.ts";
import type { Course, SourceBatches } from "./course.ts";
import { hasGradient, type TrainingMemory, updatesIn, updatesOf } from "./memory.ts";
import { type PlayerSetup, playerSetup, type Stepper, type UpdateResult } from "./player-setup.ts";
import { singleStepper } from "./single-stepper.ts";

/** Fewer parameters than this run several steps in one call. */
const SMALL = 60_000;

/** Results of some steps. */
export interface Turn {
  readonly steps: number;
  /** Losses by player and parts by name, summed over the steps. */
  readonly sums: Readonly<Record<string, number>>;
  /**
   * The first step with a loss that is not finite, counted from the first of them, and its player; undefined
   * if all are finite.
   */
  readonly bad: { readonly at: number; readonly player: string } | undefined;
  readonly seen: Readonly<Record<string, Float64Array>>;
  /** Whether the step has only begun, and is to be taken again: then `steps` is 0. */
  readonly unfinished?: boolean | undefined;
}

/** The range of steps to take. */
export interface TurnRequest {
  readonly step: number;
  /** Steps that may be taken at most. */
  readonly most: number;
  /** The learning rate of an update of a step. */
  rate(step: number, update: number, updates: number): number;
  /** Whether somebody looks at the rows of the last step. */
  readonly looked: boolean;
}

/** Takes steps of a course: every player in turn, then what follows once parameters have moved. */
export interface Turns {
  take(request: TurnRequest): Promise<Turn>;
  release(): Promise<void>;
}

/** Steppers of a player by its variants, compiled when first needed. */
class Steppers<P extends Parameters> {
  readonly setup: PlayerSetup<P>;
  readonly together: number;
  readonly #made = new Map<string, Promise<Stepper>>();

  constructor(setup: PlayerSetup<P>, together: number) {
    this.setup = setup;
    const small = setup.memory.groups.reduce((sum, { layout }) => sum + layout.size, 0) <= SMALL;
    this.together = small && canRunTogether(setup) ? together : 1;
  }

  at(step: number, steps: number): Promise<Stepper> {
    const { player } = this.setup;
    const variant = player.variant?.(step);
    const name = `${variant ?? ""} ${steps}`;
    let stepper = this.#made.get(name);
    if (!stepper) {
      const setup = { ...this.setup, variant };
      stepper = steps === 1 ? singleStepper(setup) : chunkedStepper(setup, steps);
      this.#made.set(name, stepper);
    }
    return stepper;
  }

  /** Whether steps `from` … `from + steps` − 1 share one graph. */
  alike(from: number, steps: number): boolean {
    const { variant } = this.setup.player;
    return (
      !variant ||
      Array.from({ length: steps }, (_, i) => variant(from + i)).every((v, _, [first]) => v === first)
    );
  }

  async release(): Promise<void> {
    for (const stepper of this.#made.values()) await (await stepper).release();
  }
}

/** Returns a function that takes the steps of a course over its memory. */
export async function turnsOf<P extends Parameters>(
  course: Course<P>,
  memory: TrainingMemory<P>,
): Promise<Turns> {
  const { objective, source, key } = course;
  const { players, after } = objective;
  const alone = players.length === 1 && !after ? (course.together ?? 1) : 1;
  const steppers = players.map((player, i) =>
    hasGradient(player) ? new Steppers(playerSetup(course, memory, player, i), alone) : undefined,
  );
  for (const player of players)
    if (hasGradient(player) && !(Number.isInteger(updatesOf(player)) && updatesOf(player) > 0))
      throw usageError(`player ${player.name}: its updates are a positive integer, not ${player.updates}`);
  const updates = updatesIn(objective);
  const [first] = steppers;
  const together = first && updates === 1 ? first.together : 1;
  if (first) await first.at(0, 1);
  if (first && together > 1) await first.at(0, together);

  /** The noise of one update; for a lone player without `updates`, that of the step itself. */
  const noiseOf = (step: number, player: number, update: number): Key => {
    const own = players.length === 1 ? key.fold(step) : key.fold(step).fold(player);
    return (players[player] as GradientPlayer<P>).updates === undefined && players.length === 1
      ? own
      : own.fold(update);
  };

  return {
    async take({ step, most, rate, looked }) {
      const steps = most >= together && first?.alike(step, together) ? together : 1;
      // Closed players see no batch.
      const filled: SourceBatches | undefined =
        updates > 0
          ? await source?.fill({ ...{ step, steps, updates, looked }, live: () => memory.parameters })
          : undefined;
      const told: Told = { sums: {}, seen: { ...filled?.seen } };
      const knobs = Float32Array.from(
        Array.from({ length: steps }, (_, s) => knobsAt(course, step + s)).flat(),
      );
      let number = 0;
      for (const [i, player] of players.entries()) {
        if (!hasGradient(player)) {
          const { finite, unfinished } = await closedUpdate(player, step, memory, told);
          if (!finite) return { steps, ...told, bad: { at: 0, player: player.name } };
          if (!unfinished) continue;
          if (players.length > 1)
            throw usageError(
              `player ${player.name}: only a lone player may leave an update unfinished; finish it`,
            );
          return { steps: 0, ...told, bad: undefined, unfinished };
        }
        const stepper = await (steppers[i] as Steppers<P>).at(step, steps);
        const own = updatesOf(player);
        for (let update = 0; update < own; update++, number++) {
          const result = await stepper.run({
            x: filled?.x[number],
            context: filled?.context?.[number],
            action: filled?.action?.[number],
            knobs,
            lr: Array.from({ length: steps }, (_, s) => rate(step + s, update, own)),
            t: step * own + update + 1,
            key: noiseOf(step, i, update),
          });
          const at = result.losses.findIndex((loss) => !Number.isFinite(loss));
          if (at >= 0) return { steps, ...told, bad: { at, player: player.name } };
          note(told, player.name, result, own, update);
        }
      }
      after?.(memory.parameters, memory.state);
      return { steps, ...told, bad: undefined };
    },
    async release() {
      for (const one of steppers) await one?.release();
      await source?.release();
    },
  };
}

const knobsAt = <P extends Parameters>({ knobs }: Course<P>, step: number): number[] =>
  Object.values(knobs?.(step) ?? {});

/** Results of a turn so far. */
interface Told {
  readonly sums: Record<string, number>;
  readonly seen: Record<string, Float64Array>;
}

/**
 * Adds the results of an update: losses and parts as means over a player's updates, rows from the first
 * update.
 */
function note(
  { sums, seen }: Told,
  name: string,
  result: UpdateResult,
  updates: number,
  update: number,
): void {
  const add = (what: string, values: Float64Array) => {
    sums[what] = (sums[what] ?? 0) + values.reduce((sum, v) => sum + v, 0) / updates;
  };
  add(name, result.losses);
  for (const [part, values] of Object.entries(result.parts)) add(part, values);
  if (update > 0) return;
  for (const [what, values] of Object.entries(result.seen)) seen[what] ??= values;
}

/** One update of a closed player: whether its loss is finite, and whether the update has only begun. */
async function closedUpdate<P extends Parameters>(
  player: ClosedPlayer<P>,
  step: number,
  { parameters, state }: TrainingMemory<P>,
  { sums }: Told,
): Promise<{ readonly finite: boolean; readonly unfinished: boolean }> {
  const { loss, parts = {}, unfinished = false } = await player.update({ step, parameters, state });
  for (const [name, value] of Object.entries({ [player.name]: loss, ...parts }))
    sums[name] = (sums[name] ?? 0) + value;
  return { finite: Number.isFinite(loss), unfinished };
}
