import { binary, categorical, real } from "../src/data/space.ts";
import type { DifferentiableModel, ExactModel, GradientPlayer } from "../src/models/contract.ts";
import { makeRealnvp } from "../src/models/exact/flows/realnvp.ts";
import { makeMade } from "../src/models/exact/made/made.ts";
import { makeNade } from "../src/models/exact/nade/nade.ts";
import { makeRnn } from "../src/models/exact/rnn/rnn.ts";
import { makeTransformer } from "../src/models/exact/transformer/transformer.ts";
import { fitted } from "../src/models/fitted/fitted.ts";
import { adam } from "../src/optim/index.ts";
import { Key } from "../src/random/key.ts";
import { normal } from "../src/random/normal.ts";
import { uniform } from "../src/random/uniform.ts";
import { chunkedStepper } from "../src/train/chunked-stepper.ts";
import { allocateMemory } from "../src/train/memory.ts";
import type { PlayerSetup, Stepper } from "../src/train/player-setup.ts";
import { rowTypes } from "../src/train/row-types.ts";
import { singleStepper } from "../src/train/single-stepper.ts";
import { gruModel } from "./gru.ts";
import { phi4Flow } from "./phi4.ts";
import { unetModel } from "./unet.ts";

/**
 * Work that is timed here and in the peers: a training step (forward, backward and Adam on a fresh minibatch), or, for
 * the peers that end in `sampling`, one draw of `rows` configurations with their log-probabilities.
 */
export interface Workload {
  readonly name: string;
  /** The peers' scripts in bench/peers, and the sizes they are sent. */
  readonly peer: "made" | "gru" | "transformer" | "realnvp" | "phi4" | "unet" | "sampling" | "flow_sampling";
  readonly sizes: { readonly sites: number } & Readonly<Record<string, number | string>>;
  /** The largest ratio of our time to PyTorch's that we aim at. */
  readonly target: number;
  readonly model: () => DifferentiableModel;
}

const made = (sites: number, hidden: number, batch: number): Workload => ({
  name: `MADE ${sites}-${hidden}-${sites}, batch ${batch}`,
  peer: "made",
  sizes: { sites, hidden, batch },
  target: 1,
  model: () => makeMade({ space: binary([sites]) }, { hidden, direct: false }) as never,
});

const transformer = (width: number, layers: number, batch: number): Workload => ({
  name: `Transformer ${layers} layers of ${width}, 64 sites of 4 states, batch ${batch}`,
  peer: "transformer",
  sizes: { sites: 64, states: 4, width, layers, heads: 4, batch },
  target: 1,
  model: () =>
    makeTransformer(
      { space: categorical([64], 4) },
      { width, layers, heads: 4, positions: "learned" },
    ) as never,
});

const side = { space: binary([16, 16]) };
const chain = { space: binary([256]) };

const sampling = (
  name: string,
  model: string,
  hidden: number,
  target: number,
  make: () => ExactModel<never>,
): Workload => ({
  name: `10,000 samples of 16×16, ${name}`,
  peer: "sampling",
  sizes: { model, sites: 256, hidden, rows: 10_000 },
  target,
  model: make as never,
});

/** Whether a workload is a draw, not a step of training. */
export const isDraw = ({ peer }: Pick<Workload, "peer">): boolean => peer.endsWith("sampling");

const realnvp = () => makeRealnvp({ space: real([2]) }, { couplings: 8, hidden: [64, 64] });

/** The rows of the table. */
export const workloads: readonly Workload[] = [
  made(784, 500, 100),
  made(256, 512, 256),
  made(64, 64, 64),
  {
    name: "GRU by scan, 100 sites, 50 units, batch 100",
    peer: "gru",
    sizes: { sites: 100, units: 50, batch: 100 },
    target: 0.8,
    model: () => gruModel(100, 50) as never,
  },
  {
    name: "RNN of the library, 100 sites, 50 units, batch 100",
    peer: "gru",
    sizes: { sites: 100, units: 50, batch: 100 },
    target: 0.8,
    model: () => makeRnn({ space: binary([100]) }, { units: 50 }) as never,
  },
  transformer(64, 2, 64),
  transformer(128, 4, 64),
  {
    name: "RealNVP in the plane, 8 couplings of 64-64, batch 256",
    peer: "realnvp",
    sizes: { sites: 2, couplings: 8, hidden: 64, batch: 256 },
    target: 1 / 1.5,
    model: () => realnvp() as never,
  },
  {
    name: "φ⁴ flow 8×8 by reverse KL, 16 couplings of 8 channels, batch 64",
    peer: "phi4",
    sizes: { sites: 64, side: 8, couplings: 16, channels: 8, batch: 64 },
    target: 1.5,
    model: () => phi4Flow(8, 16, 8) as never,
  },
  {
    name: "U-Net of flow matching 32×32, 64, 96 and 128 channels on patches of 2, batch 32",
    peer: "unet",
    sizes: { sites: 1024, side: 32, patch: 2, channels: "64,96,128", batch: 32 },
    target: 1.1,
    model: () => unetModel(32),
  },
  {
    name: "100,000 samples of RealNVP in the plane",
    peer: "flow_sampling",
    sizes: { sites: 2, couplings: 8, hidden: 64, rows: 100_000 },
    target: 1,
    model: () => realnvp() as never,
  },
  sampling("MADE 256-512-256", "made", 512, 1, () => makeMade(side, { hidden: 512, direct: false }) as never),
  sampling("NADE 512", "nade", 512, 1, () => makeNade(side, { hidden: 512 }) as never),
  sampling("GRU of 50 units", "gru", 50, 1 / 1.5, () => makeRnn(chain, { units: 50 }) as never),
];

/** Our side of one workload: `call` takes `steps` steps. */
export interface Ours {
  readonly steps: number;
  call(): Promise<void>;
  release(): Promise<void>;
}

/** Builds our side of a workload; `chunk` steps a call, 1 for the stepper of larger models. */
export async function ours(workload: Workload, threads: number, chunk: number): Promise<Ours> {
  return isDraw(workload) ? draws(workload, threads) : trainingSteps(workload, threads, chunk);
}

/** Our draws of a sampling workload. */
async function draws({ model: make, sizes }: Workload, threads: number): Promise<Ours> {
  const model = make() as unknown as ExactModel<never>;
  const used = fitted(model, model.init(Key.fromSeed(2)), { threads });
  let seed = 0;
  const call = async () => {
    await used.sample(sizes.rows as number, { key: Key.fromSeed(seed++), threads });
  };
  await call();
  return { steps: 1, call, release: () => used.release() };
}

async function trainingSteps(
  { model: make, sizes }: Workload,
  threads: number,
  chunk: number,
): Promise<Ours> {
  const model = make();
  const parameters = model.init(Key.fromSeed(2));
  const batch = sizes.batch as number;
  const { sites } = sizes;
  const player: GradientPlayer = {
    ...{ name: "NLL", optimiser: adam() },
    loss: ({ parameters: p, x, key, context }) => ({ loss: model.loss(p, x, key, context) }),
  };
  const memory = allocateMemory({ model, initial: parameters, objective: { players: [player] } });
  const setup: PlayerSetup = {
    family: model.family,
    ...{ player, memory, groups: memory.groups, tables: memory.tables, source: rowTypes(model) },
    ...{ batch, knobs: [], clip: 0, threads },
  };
  const stepper: Stepper = chunk > 1 ? await chunkedStepper(setup, chunk) : await singleStepper(setup);
  const rows = 100 * batch;
  const { space } = model;
  const u = uniform(Key.fromSeed(1), rows * sites, "f32");
  const data =
    space.kind === "categorical"
      ? Int32Array.from(u, (v) => Math.floor(v * space.states))
      : space.kind === "real"
        ? sites === 2
          ? parabola(rows)
          : normal(Key.fromSeed(1), rows * sites, "f32")
        : Float32Array.from(u, (v) => (v < 0.3 ? 1 : 0));
  const key = Key.fromSeed(3);
  const knobs = new Float32Array(0);
  const lr = Array<number>(chunk).fill(1e-3);
  const size = chunk * batch * sites;
  let t = 1;
  const call = async () => {
    const start = ((t - 1) * batch * sites) % (data.length - size + 1);
    await stepper.run({ x: data.subarray(start, start + size), context: undefined, knobs, lr, t, key });
    t += chunk;
  };
  await call();
  return {
    steps: chunk,
    call,
    release: () => stepper.release(),
  };
}

/** Points x₁ = x₀² + ε/2 of the plane, as the peers have them. */
function parabola(rows: number): Float32Array {
  const z = normal(Key.fromSeed(1), 2 * rows, "f32");
  return z.map((v, i) => (i % 2 === 0 ? v : (z[i - 1] as number) ** 2 + v / 2));
}
