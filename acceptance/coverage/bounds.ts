import { createSystem, FittedBounded, Key } from "ansatz";
import { scoreBounded } from "ansatz/evaluate";
import { createModel } from "ansatz/models";
import { normal } from "ansatz/random";
import type { NDArray } from "ansatz/tensor";
import { configurations, datasetOf, drawRows, expectation } from "./rows.ts";
import { coverage, type Experiment, fewer } from "./run.ts";

const system = createSystem("ising", { shape: [2, 3], beta: 0.4 });
const sites = 6;

/** A linear decoder of one latent variable: the logit of bit i is w_i z + b_i. */
interface Decoder {
  readonly network: { readonly layers: readonly [{ readonly weight: NDArray<"f32"> }] };
  readonly bias: NDArray<"f32">;
}

/** A linear encoder, which gives mean and log-deviation of z. */
interface Encoder {
  readonly layers: readonly Record<string, NDArray<"f32">>[];
}

/** log P of configurations by the trapezoid rule over z, in plain loops. */
function byQuadrature({ network, bias }: Decoder, x: NDArray): Float64Array {
  const [points, end] = [801, 8];
  const step = (2 * end) / (points - 1);
  const { weight } = network.layers[0];
  return Float64Array.from({ length: x.shape[0] as number }, (_, row) => {
    let total = 0;
    for (let k = 0; k < points; k++) {
      const z = -end + k * step;
      let log = -0.5 * (z * z + Math.log(2 * Math.PI));
      for (let i = 0; i < sites; i++) {
        const logit = weight.data[i]! * z + bias.data[i]!;
        log -= Math.log1p(Math.exp(Number(x.data[row * sites + i]) === 1 ? -logit : logit));
      }
      total += step * Math.exp(log);
    }
    return Math.log(total);
  });
}

/** Bounds whose distance from the truth is small beside their errors, so that these must cover it. */
const latentScore: Experiment = {
  name: "latent variable, 100 rows",
  repetitions: fewer,
  async prepare() {
    const model = createModel("vae", { space: system.space }, { latent: 1, hidden: 0 });
    const start = model.init(Key.fromSeed(1));
    const { network, bias } = start.decoder as unknown as Decoder;
    const [weights, biases] = [normal(Key.fromSeed(2), sites, "f32"), normal(Key.fromSeed(3), sites, "f32")];
    const weight = { ...network.layers[0].weight, data: weights };
    const decoder = {
      network: { layers: [{ weight }] as const },
      bias: { ...bias, data: biases.map((b) => 0.5 * b) },
    };
    // An encoder of zeros gives the prior: its weights have a small variance, whatever the row.
    const zeros = (layers: readonly Record<string, NDArray<"f32">>[]) =>
      layers.map((layer) =>
        Object.fromEntries(
          Object.entries(layer).map(([name, array]) => [
            name,
            { ...array, data: new Float32Array(array.data.length) },
          ]),
        ),
      );
    const encoder = { layers: zeros((start.encoder as never as Encoder).layers) };
    const fitted = new FittedBounded(model, { ...start, encoder, decoder } as unknown as typeof start);
    const { x, probability } = configurations(system);
    const logProb = byQuadrature(decoder, x);
    const nll = -expectation(probability, (i) => logProb[i]!);
    const entropy = -expectation(logProb.map(Math.exp), (i) => logProb[i]!);
    const draw = drawRows(system);
    return async (key) => {
      const dataset = datasetOf(system, draw(100, key.fold(0)));
      const options = { part: "all", draws: 200, anneal: 64, key: key.fold(1) } as const;
      const found = await scoreBounded(fitted, dataset, options);
      const { data, own } = found.annealed!;
      return {
        "NLL bound": { estimate: found.nll, exact: nll },
        "NLL bound by annealing": { estimate: data.nll, exact: nll },
        "own −log P, at least": { estimate: own.lower, exact: entropy },
        "own −log P, at most": { estimate: own.upper, exact: entropy },
      };
    };
  },
};

export const coverageBounds = coverage("bounds", [latentScore]);
