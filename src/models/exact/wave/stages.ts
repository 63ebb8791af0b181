/** A stage of the fit of a wave function: what its loss has beside the likelihood. */
export interface Stage {
  /** Share of local white noise in the probabilities. */
  readonly noise: number;
  /** Half of it times the squares of the modulus's weights is added to the nats of all shots. */
  readonly penalty: number;
}

/**
 * Shares of noise. log p diverges where an outcome that was seen has p = 0, which walls each phase in at its start; with much noise
 * there are no walls, and the optimum stays where it is as the noise goes.
 */
const noises = [0.8, 0.4, 0.1, 0.02] as const;

/** Penalties from the strongest on: weights of a spread of 0.2, of 0.6, and free ones. */
const penalties = [30, 3, 0] as const;

/** What a fit goes through in turn. Noise only matters with rotated qubits, and only a penalised model has penalties. */
export function stagesOf(isRotated: boolean, isPenalised: boolean): readonly Stage[] {
  const own = isPenalised ? penalties : [0];
  return [
    ...(isRotated ? noises.map((noise) => ({ noise, penalty: own[0]! })) : []),
    ...own.map((penalty) => ({ noise: 0, penalty })),
  ];
}

/** What a fit tells of each start once it has ended: this and the number of the start, in nats a shot. */
export const heldOutOfStart = "held-out NLL of start";
