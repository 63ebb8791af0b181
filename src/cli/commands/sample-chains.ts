import type { ChainSamples, FittedEnergy } from "../../models/index.ts";
import { Key } from "../../random/key.ts";
import type { Run } from "../../runs/index.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { saveSamples } from "./save-samples.ts";

/** What {@link sampleByChains} is asked for. */
export interface ChainRequest {
  readonly out: string;
  readonly samples: number;
  readonly chains: number | undefined;
  readonly burnIn: number | undefined;
  readonly thin: number | undefined;
  readonly seed: number;
  readonly force: boolean;
  readonly session: Session;
}

/**
 * R̂ above which long chains count as disagreeing (Vehtari et al. 2021). Halves of L sweeps that do agree
 * have an R̂ of about 1 + τ/L, since their means differ by chance: for short chains twice that excess is
 * added to the limit.
 */
const AGREE = 1.01;

/** Writes rows of Markov chains at a model that is known up to its partition function. */
export async function sampleByChains(
  { folder, record }: Run,
  fitted: FittedEnergy,
  { out, samples, chains, burnIn, thin, seed, force, session }: ChainRequest,
): Promise<Outcome> {
  const progress = session.progress(`sample ${record.family}`);
  const drawn = await fitted
    .sample(samples, {
      ...{ key: Key.fromSeed(seed), chains, burnIn, thin, signal: session.signal },
      onProgress: (done, total) =>
        progress.update({ fraction: done / total, details: [`${done} of ${total} sweeps`] }),
    })
    .finally(() => progress.end());
  await fitted.release();
  const { tau } = drawn.tau;
  const chain = {
    count: drawn.chains,
    thinning: drawn.thin,
    burnIn: drawn.burnIn,
    ...(Number.isFinite(tau) && { tau: Math.max(0, tau) }),
  };
  const rows = { x: drawn.x, chain: drawn.chain, meta: { chain } };
  await saveSamples(record, rows, { out, seed, force, session });
  if (!out.endsWith(".npz"))
    session.note(`note: ${out} holds the rows alone; an .npz keeps which chain each row is from`);
  if (thin !== undefined && drawn.thin !== thin)
    session.note(`note: --thin ${thin} is rounded up to ${drawn.thin}: chains run in tens of sweeps`);
  for (const warning of chainWarnings(drawn)) session.note(`warning: ${warning}`);
  return {
    document: { out, count: samples, ...diagnosticsOf(drawn) },
    text: `${out}: ${samples} configurations of ${folder}\n${chainText(drawn)}`,
  };
}

/** What is known of how the chains moved, as plain JSON. */
function diagnosticsOf({ chains, burnIn, thin, tau, rHat }: ChainSamples) {
  return {
    ...{ chains, burnIn, thin, rHat },
    tau: { value: tau.tau, error: tau.tauError },
    reliable: tau.reliable,
  };
}

function chainText({ chains, burnIn, thin, tau, rHat }: ChainSamples): string {
  const time = Number.isNaN(tau.tau)
    ? "the log-weight does not move"
    : `τ = ${tau.tau.toPrecision(3)} ± ${tau.tauError.toPrecision(1)} sweeps (½: independent)${tau.reliable ? "" : ", too short to tell"}`;
  return (
    `${chains} ${chains === 1 ? "chain" : "chains"}, burn-in ${burnIn} sweeps, one row every ${thin}\n` +
    `log-weight: ${time}, R̂ = ${Number.isNaN(rHat) ? "unknown" : rHat.toFixed(3)}`
  );
}

/** Why samples of chains are not to be relied on, one line each. */
export function chainWarnings({
  tau,
  thin,
  rHat,
  sweeps,
}: Pick<ChainSamples, "tau" | "thin" | "rHat" | "sweeps">): string[] {
  const warnings: string[] = [];
  const chance = tau.reliable ? (2 * tau.tau) / (sweeps / 2) : 0;
  if (rHat > AGREE + chance)
    warnings.push(
      `R̂ = ${rHat.toFixed(3)}: the chains disagree on the log-weight; give a longer --burn-in and --thin, or more rows`,
    );
  if (tau.tau > thin)
    warnings.push(
      `τ = ${tau.tau.toPrecision(3)} sweeps is longer than the ${thin} between rows: neighbours of a chain are correlated`,
    );
  return warnings;
}
