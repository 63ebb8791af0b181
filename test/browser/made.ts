import { type NDArray, ndarray } from "../../src/array.ts";
import { binary, makeDataset } from "../../src/data/index.ts";
import { makeMade } from "../../src/models/index.ts";
import { Key, uniform } from "../../src/random/index.ts";
import { fit } from "../../src/train/index.ts";

const sites = 8;
/** Probability that a spin of the chain differs from the one before it. */
const flip = 0.1;

/** Rows of a chain of spins whose first is fair, and whose others copy the one before, or flip. */
function chains(rows: number, key: Key): NDArray<"u8"> {
  const x = ndarray("u8", [rows, sites]);
  uniform(key, rows * sites, "f64").forEach((u, i) => {
    const previous = i % sites === 0 ? 0 : (x.data[i - 1] as number);
    x.data[i] = i % sites === 0 ? Number(u < 0.5) : previous ^ Number(u < flip);
  });
  return x;
}

/** Every configuration, with its exact log-probability in nats. */
function everyChain(): { x: NDArray<"u8">; logProb: number[] } {
  const x = ndarray("u8", [2 ** sites, sites]);
  const logProb = Array.from({ length: 2 ** sites }, (_, state) => {
    for (let i = 0; i < sites; i++) x.data[state * sites + i] = (state >> i) & 1;
    let flips = 0;
    for (let i = 1; i < sites; i++) flips += ((state >> i) ^ (state >> (i - 1))) & 1;
    return Math.log(0.5) + flips * Math.log(flip) + (sites - 1 - flips) * Math.log(1 - flip);
  });
  return { x, logProb };
}

/** What came of a fit: sums over every configuration, and over samples. */
export interface FitFindings {
  /** Σ P(x); 1 for a normalised model. */
  readonly total: number;
  /** KL divergence of the model from the truth, nats, without sampling error. */
  readonly kl: number;
  /** Largest difference of a sample's own log-probability from that of scoring it, nats. */
  readonly sampleError: number;
  /** Validation NLL after each epoch, nats. */
  readonly valid: readonly number[];
}

/** Fits a MADE to 4,000 chains, and compares it with the truth. */
export async function fitMade(threads: number): Promise<FitFindings> {
  const dataset = makeDataset({ arrays: { x: chains(4000, Key.fromSeed(5)) } }, "chains");
  const model = makeMade({ space: binary([sites]) }, { hidden: 16 });
  const run = fit(model, dataset, { epochs: 8, batch: 50, lr: 0.05, threads });
  const valid: number[] = [];
  for await (const event of run)
    if (event.type === "round") valid.push((event.measures.NLL as { readonly value: number }).value);
  const fitted = await run.result();
  const truth = everyChain();
  const logProb = await fitted.logProb(truth.x);
  // Enough rows for a worker to draw a share.
  const samples = await fitted.sample(6500, { key: Key.fromSeed(6), threads: 2 });
  const scores = await fitted.logProb(samples.x);
  await fitted.release();
  return {
    valid,
    total: logProb.reduce((sum, l) => sum + Math.exp(l), 0),
    kl: truth.logProb.reduce((sum, l, i) => sum + Math.exp(l) * (l - (logProb[i] as number)), 0),
    sampleError: Math.max(...scores.map((l, i) => Math.abs(l - (samples.logProb[i] as number)))),
  };
}
