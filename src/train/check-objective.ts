import { usageError } from "../error.ts";
import type { Objective, Parameters, Player } from "../models/contract.ts";

/**
 * Throws AnsatzError (usage) for an objective that cannot train: one without players, or with a player that
 * has neither a loss nor an update, has no optimiser, or has no name of its own (events identify losses by
 * player name). `family` is the model's family, for the message.
 */
export function checkObjective<P extends Parameters>(family: string, objective: Objective<P>): void {
  const players: readonly Player<P>[] | undefined = objective?.players;
  if (!players?.length)
    throw usageError(`${family}: its objective has no players, so nothing would be trained`);
  const names = new Set<string>();
  for (const player of players) {
    if (typeof player.name !== "string" || player.name === "" || names.has(player.name))
      throw usageError(
        `${family}: every player needs a name of its own, which events use for its loss; ` +
          (player.name ? `two are called '${player.name}'` : "one has none"),
      );
    names.add(player.name);
    const isOf = `${family}: player '${player.name}'`;
    if ("update" in player) continue;
    if (typeof player.loss !== "function") throw usageError(`${isOf} has neither a loss nor an update`);
    if (!player.optimiser) throw usageError(`${isOf} has no optimiser`);
  }
}
