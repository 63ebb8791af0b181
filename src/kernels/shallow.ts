import { AnsatzError } from "../error.ts";
import { arena } from "./arena.ts";
import { wasm } from "./generated/shallow.ts";
import { loadKernel } from "./load.ts";

/** The function of `kernels/shallow.ts`, over byte offsets into the memory it was loaded over. */
interface ShallowKernel {
  draw(
    count: number,
    sites: number,
    width: number,
    activation: number,
    done: number,
    start: number,
    weights: number,
    columns: number,
    bias: number,
    direct: number,
    order: number,
    u: number,
    stride: number,
    temperature: number,
    state: number,
    offsets: number,
    x: number,
    logProb: number,
  ): void;
}

/** Activations the kernel has, by their numbers there. */
const activations = { relu: 0, tanh: 1, sigmoid: 2, silu: 3, elu: 4 } as const;

/** An activation that the kernel has. */
export type ShallowActivation = keyof typeof activations;

/** Whether the kernel has an activation of this name. */
export function isShallowActivation(name: string): name is ShallowActivation {
  return Object.hasOwn(activations, name);
}

/**
 * Conditionals of binary sites with one hidden layer: at position i the logit is
 * b_i + Σ_k V_ik h_k + Σ_{j<i} D_ji x_j with h = activation(c + Σ_{j<i} x_j W_j), of the units it may read.
 */
export interface ShallowNetwork {
  readonly units: number;
  readonly activation: ShallowActivation;
  /** The site at each position. */
  readonly order: Uint32Array;
  /** c `[units]`. */
  readonly start: Float32Array;
  /** W `[sites, units]`, by position. */
  readonly weights: Float32Array;
  /** V `[sites, units]`, by position. */
  readonly columns: Float32Array;
  /** b `[sites]`, by position. */
  readonly bias: Float32Array;
  /** D `[sites, sites]`, by position; what lies on or below the diagonal is not read. */
  readonly direct?: Float32Array;
  /**
   * `[units]`, of masked networks: a unit of degree m sees positions 0 … m and is read at positions beyond m; other
   * entries of W and V are not read. Without degrees every unit sees all before a position and is read there, which
   * the kernel has for rectifiers alone.
   */
  readonly degrees?: Uint32Array;
}

/** Rows drawn by {@link ShallowSampler.draw}. */
export interface ShallowRows {
  /** u8 `[rows, sites]`, as the sites lie. */
  readonly x: Uint8Array;
  /** `[rows]`, nats, at temperature 1. */
  readonly logProb: Float64Array;
}

/** Number of rows with a state that stays in the nearest cache while the weights pass by. */
const BLOCK = 64;

const padded = (n: number) => (n + 3) & ~3;

/** Draws from a {@link ShallowNetwork} by a WebAssembly kernel: O(sites · units) a row, in the processor's caches. */
export class ShallowSampler {
  private readonly network: ShallowNetwork;
  private readonly kernel: ShallowKernel;
  private readonly at: Readonly<Record<Block, number>>;
  private readonly uniforms: Float32Array;
  private readonly x: Uint8Array;
  private readonly logProb: Float64Array;

  /**
   * @param rows The largest number of rows of a call.
   * @throws AnsatzError (failure) where memory does not suffice, or units without degrees are no rectifiers.
   */
  constructor(network: ShallowNetwork, rows: number) {
    if (network.degrees === undefined && network.activation !== "relu")
      throw new AnsatzError(
        "failure",
        `no kernel for ${network.activation} units that are read at every position`,
      );
    const { order, units } = network;
    const sites = order.length;
    const [width, links] = [padded(units), padded(sites)];
    const sizes: Readonly<Record<Block, number>> = {
      done: (sites + 1) * 4,
      start: width * 4,
      weights: sites * width * 4,
      columns: sites * width * 4,
      bias: sites * 4,
      direct: network.direct ? sites * links * 4 : 0,
      order: sites * 4,
      // The last group of four may read beyond the last row.
      u: (sites * rows + 4) * 4,
      state: BLOCK * width * 4,
      offsets: network.direct ? BLOCK * links * 4 : 0,
      x: (rows + 4) * sites,
      logProb: (rows + 4) * 8,
    };
    const { memory, offsets } = arena(Object.values(sizes));
    this.network = network;
    this.at = Object.fromEntries(Object.keys(sizes).map((name, i) => [name, offsets[i] as number])) as Record<
      Block,
      number
    >;
    this.uniforms = new Float32Array(memory.buffer, this.at.u, sites * rows);
    this.x = new Uint8Array(memory.buffer, this.at.x, rows * sites);
    this.logProb = new Float64Array(memory.buffer, this.at.logProb, rows);
    this.kernel = loadKernel<ShallowKernel>(wasm, memory);
    place(network, memory, this.at);
  }

  /**
   * Draws `rows` rows. `fill` writes uniform numbers in [0, 1), `[sites, rows]` by position: a bit is 1 where its number is
   * below σ(logit / temperature). What is returned is overwritten by the next call.
   */
  draw(rows: number, fill: (u: Float32Array) => void, temperature = 1): ShallowRows {
    const { at, kernel, network } = this;
    const sites = network.order.length;
    fill(this.uniforms.subarray(0, sites * rows));
    for (let first = 0; first < rows; first += BLOCK)
      kernel.draw(
        Math.min(BLOCK, rows - first),
        sites,
        padded(network.units),
        activations[network.activation],
        network.degrees ? at.done : 0,
        at.start,
        at.weights,
        at.columns,
        at.bias,
        network.direct ? at.direct : 0,
        at.order,
        at.u + first * 4,
        rows,
        temperature,
        at.state,
        at.offsets,
        at.x + first * sites,
        at.logProb + first * 8,
      );
    return { x: this.x.subarray(0, rows * sites), logProb: this.logProb.subarray(0, rows) };
  }
}

type Block =
  | ("done" | "start" | "weights" | "columns" | "bias" | "direct" | "order")
  | ("u" | "state" | "offsets" | "x" | "logProb");

/** Writes the network to the kernel's memory: units sorted by degree, rows padded, masked entries zero. */
function place(
  network: ShallowNetwork,
  memory: WebAssembly.Memory,
  at: Readonly<Record<Block, number>>,
): void {
  const { units, order, degrees, direct } = network;
  const sites = order.length;
  const [width, links] = [padded(units), padded(sites)];
  const floats = (block: Block, n: number) => new Float32Array(memory.buffer, at[block], n);
  const sorted = Uint32Array.from({ length: units }, (_, k) => k);
  if (degrees) sorted.sort((a, b) => (degrees[a] as number) - (degrees[b] as number));
  const degree = (k: number) => degrees?.[k] as number;

  const done = new Uint32Array(memory.buffer, at.done, sites + 1);
  for (const k of degrees ?? []) for (let i = k + 1; i <= sites; i++) done[i] = (done[i] as number) + 1;
  new Uint32Array(memory.buffer, at.order, sites).set(order);
  floats("bias", sites).set(network.bias);
  const [start, weights, columns] = [
    floats("start", width),
    floats("weights", sites * width),
    floats("columns", sites * width),
  ];
  sorted.forEach((k, slot) => {
    start[slot] = network.start[k] as number;
    for (let i = 0; i < sites; i++) {
      const isRead = degrees === undefined || degree(k) < i;
      const sees = degrees === undefined || degree(k) >= i;
      if (sees) weights[i * width + slot] = network.weights[i * units + k] as number;
      if (isRead) columns[i * width + slot] = network.columns[i * units + k] as number;
    }
  });
  if (direct === undefined) return;
  const placed = floats("direct", sites * links);
  for (let i = 0; i < sites; i++)
    placed.set(direct.subarray(i * sites + i + 1, (i + 1) * sites), i * links + i + 1);
}
