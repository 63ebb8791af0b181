import { usageError } from "../error.ts";
import type { Batch, LossResult, Parameters, State, Symbolic } from "../models/contract.ts";
import { shaped } from "../models/shaped.ts";
import { type RowGradient, valueAndGrad } from "../tensor/grad.ts";
import { leavesWithPaths, type Tensor } from "../tensor/index.ts";
import { isTensor } from "../tensor/tensor.ts";
import type { PlayerSetup } from "./player-setup.ts";

/** The result of one update before the optimiser acts. */
export interface UpdateGraph {
  readonly loss: Tensor;
  /** The gradient of the step, by path; gradients of tables are in `rows`. */
  readonly gradient: ReadonlyMap<string, Tensor>;
  readonly rows: Readonly<Record<string, RowGradient>>;
  readonly parts: Readonly<Record<string, Tensor>>;
  readonly seen: Readonly<Record<string, Tensor>>;
  /** The changed entries of the state, for the next update. */
  readonly state: State;
}

/**
 * The graph of one update of a player; the gradient of tables `sparse` comes as rows. Throws AnsatzError (usage) for a loss or a
 * part that is no scalar, and for state that the objective does not have or has of another type, naming family and player.
 */
export function updateGraph<P extends Parameters>(
  { player, family }: Pick<PlayerSetup<P>, "player" | "family">,
  batch: Batch<P>,
  sparse: readonly string[] = [],
): UpdateGraph {
  const prepared = player.prepare?.(batch);
  const rows = prepared?.rows;
  const both = valueAndGrad(
    (parameters: Symbolic<P>) => {
      const given: Partial<LossResult> = player.loss({ ...batch, parameters }, rows);
      const isOf = `the loss of player '${player.name}'`;
      if (isTensor(given) || !given?.loss)
        throw usageError(
          `${family}: ${isOf} gives { loss }, not ${isTensor(given) ? "a tensor" : "without it"}`,
        );
      const { loss, ...beside } = given;
      return [shaped(family, isOf, loss, []), beside] as const;
    },
    { sparse },
  );
  const { value, gradient, sparse: bySparse } = both(batch.parameters);
  const [loss, { parts = {}, seen = {}, state = {} }] = value;
  const moved: State = { ...prepared?.state, ...state };
  const isOf = (what: string) => `${what} of player '${player.name}'`;
  for (const [name, tensor] of Object.entries(moved)) {
    const had = batch.state[name];
    if (!had)
      throw usageError(`${family}: the objective has no ${isOf(`state '${name}'`)}; start it in \`state\``);
    const { dtype } = shaped(family, isOf(`the state '${name}'`), tensor, had.shape);
    if (dtype !== had.dtype)
      throw usageError(`${family}: ${isOf(`the state '${name}'`)} is ${dtype}, and was ${had.dtype}`);
  }
  for (const [name, tensor] of Object.entries(parts)) {
    shaped(family, isOf(`the part '${name}'`), tensor, []);
    if (name === player.name) throw usageError(`${family}: ${isOf("a part")} has the player's own name`);
  }
  const followed = player.redirect?.(batch, gradient as Symbolic<P>, rows) ?? gradient;
  return {
    loss,
    gradient: new Map(leavesWithPaths(followed, isTensor)),
    rows: bySparse,
    parts,
    seen,
    state: moved,
  };
}
