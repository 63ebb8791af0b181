import type { DType, NDArray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { type ShallowNetwork, type ShallowRows, ShallowSampler } from "../kernels/shallow.ts";
import { ShallowWorker } from "../kernels/shallow-worker.ts";
import type { Key } from "../random/key.ts";
import { fillUniform } from "../random/uniform.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, trace } from "../runtime/trace.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { BATCH } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { freeze } from "./arrays.ts";
import {
  type ExactModel,
  inputType,
  type Parameters,
  type ShallowDraws,
  type ShallowLayers,
} from "./contract.ts";

/** Rows `[rows, ...sites]` and their log-probabilities. */
export interface DrawnArrays {
  readonly x: NDArray;
  readonly logProb: ArrayLike<number>;
}

/** Draws the samples of a model with one hidden layer by a kernel, up to `rows` at once in each lane. */
export class ShallowModel<P extends Parameters> {
  private readonly model: ExactModel<P>;
  private readonly draws: ShallowDraws<P>;
  private readonly network: ShallowNetwork;
  private readonly rows: number;
  private readonly sampler: ShallowSampler;
  private readonly workers: ShallowWorker[] = [];
  private readonly finish: Program | undefined;

  private constructor(
    model: ExactModel<P>,
    draws: ShallowDraws<P>,
    network: ShallowNetwork,
    rows: number,
    finish: Program | undefined,
  ) {
    this.model = model;
    this.draws = draws;
    this.network = network;
    this.rows = rows;
    this.sampler = new ShallowSampler(network, rows);
    this.finish = finish;
  }

  /** Makes the kernel over a model's parameters; `draws` is the model's description of itself. */
  static async make<P extends Parameters>(
    model: ExactModel<P>,
    draws: ShallowDraws<P>,
    parameters: P,
    rows: number,
    options: EngineOptions,
  ): Promise<ShallowModel<P>> {
    const network = await networkOf(draws, parameters, options);
    const { finish } = draws;
    const { space } = model;
    const program =
      finish &&
      Program.compile(
        trace(
          (x: Tensor, key: SymbolicKey) => {
            const drawn = finish(freeze(parameters), x, key);
            return [drawn.x, drawn.logProb];
          },
          [new Spec([BATCH, ...siteShape(space)], inputType(space)), KEY],
        ),
        options,
      );
    return new ShallowModel(model, draws, network, rows, await program);
  }

  /**
   * `rows` samples by the noise of the graph's sampler, here in lane 0, in others by workers that are started when first
   * asked; the same rows in every lane. Log-probabilities of a lane are overwritten by its next call.
   */
  async draw(rows: number, key: Key, temperature: number, lane = 0): Promise<DrawnArrays> {
    const { space } = this.model;
    const { x, logProb } = await this.bits(rows, key.fold(this.draws.fold), temperature, lane);
    const shape = [rows, ...siteShape(space)];
    if (!this.finish) return { x: { data: x.slice(), shape, dtype: "u8" } as NDArray, logProb };
    const drawn = { data: Float32Array.from(x), shape, dtype: "f32" } as NDArray<DType>;
    const [moved, l] = await this.finish.run([drawn], { keys: [key] });
    return { x: moved as NDArray, logProb: (l as NDArray<"f32">).data };
  }

  private bits(
    rows: number,
    noise: Key,
    temperature: number,
    lane: number,
  ): ShallowRows | Promise<ShallowRows> {
    if (lane === 0) return this.sampler.draw(rows, (u) => fillUniform(noise, u), temperature);
    this.workers[lane] ??= new ShallowWorker(this.network, this.rows);
    return this.workers[lane].draw(rows, noise, temperature);
  }

  async release(): Promise<void> {
    for (const worker of this.workers.splice(0)) worker?.release();
    await this.finish?.release();
  }
}

/** The network as arrays, by one run of a graph that arranges the parameters. */
async function networkOf<P extends Parameters>(
  { layers, order, activation, degrees }: ShallowDraws<P>,
  parameters: P,
  options: EngineOptions,
): Promise<ShallowNetwork> {
  const traced = trace(() => layers(freeze(parameters)), []);
  const program = await Program.compile(traced, options);
  const arrays = await program.run([]);
  await program.release();
  const named = Object.fromEntries(
    traced.outputs.map(({ name }, i) => [name.replace("result.", ""), arrays[i]?.data]),
  ) as { [K in keyof ShallowLayers]: Float32Array };
  return {
    ...named,
    units: named.start.length,
    ...{ activation, order },
    ...(degrees && { degrees }),
  };
}
