import { binary } from "../src/data/space.ts";
import { makeMade } from "../src/models/exact/made/made.ts";
import { adam } from "../src/optim/index.ts";
import { Key } from "../src/random/key.ts";
import { uniform } from "../src/random/uniform.ts";
import { chunkedStepper } from "../src/train/chunked-stepper.ts";
import { allocateMemory } from "../src/train/memory.ts";
import { type Stepper, type StepperSetup, singleStepper } from "../src/train/stepper.ts";
import { gruModel } from "./gru.ts";

/** A training step that is timed here and in the peers: forward, backward and Adam on a fresh minibatch. */
export interface Workload {
  readonly name: string;
  /** The peers' scripts in bench/peers, and the sizes they are sent. */
  readonly peer: "made" | "gru";
  readonly sizes: { readonly sites: number; readonly batch: number } & Readonly<Record<string, number>>;
  /** The largest ratio of our time to PyTorch's that we aim at. */
  readonly target: number;
  readonly model: () => StepperSetup["model"];
}

const made = (sites: number, hidden: number, batch: number): Workload => ({
  name: `MADE ${sites}-${hidden}-${sites}, batch ${batch}`,
  peer: "made",
  sizes: { sites, hidden, batch },
  target: 1,
  model: () => makeMade({ space: binary([sites]), contextSize: 0 }, { hidden, direct: false }) as never,
});

/** The training steps of the table. */
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
];

/** Our training steps of one workload: `call` takes `steps` of them. */
export interface Ours {
  readonly steps: number;
  call(): Promise<void>;
  release(): Promise<void>;
}

/** Builds our side of a workload; `chunk` steps a call, 1 for the stepper of larger models. */
export async function ours({ model: make, sizes }: Workload, threads: number, chunk: number): Promise<Ours> {
  const model = make();
  const parameters = model.init(Key.fromSeed(2));
  const optimiser = adam();
  const memory = allocateMemory(model, parameters, optimiser);
  const { batch, sites } = sizes;
  const setup = { ...memory, model, optimiser, batch, clip: 0, threads };
  const stepper: Stepper = chunk > 1 ? await chunkedStepper(setup, chunk) : await singleStepper(setup);
  const rows = 100 * batch;
  const data = uniform(Key.fromSeed(1), rows * sites, "f32").map((u) => (u < 0.3 ? 1 : 0)) as Float32Array;
  const key = Key.fromSeed(3);
  const lr = Array<number>(chunk).fill(1e-3);
  const size = chunk * batch * sites;
  let t = 1;
  const call = async () => {
    const start = ((t - 1) * batch * sites) % (data.length - size + 1);
    await stepper.run({ x: data.subarray(start, start + size), context: undefined, lr, t, key });
    t += chunk;
  };
  await call();
  return {
    steps: chunk,
    call,
    release: () => stepper.release(),
  };
}
