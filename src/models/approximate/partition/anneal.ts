import type { DType, NDArray } from "../../../array.ts";
import { siteShape } from "../../../data/space.ts";
import type { Key } from "../../../random/key.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { type SymbolicKey, scan, sub, type Tensor } from "../../../tensor/index.ts";
import { freeze } from "../../arrays.ts";
import { type EnergyModel, type EnergyParameters, inputType } from "../../contract.ts";
import { type AnnealChunk, type Annealing, alongPath, CHUNK } from "../along-path.ts";

/** Chains that are carried along the tempered path of a model, in either direction, as a host loop over a graph of 16 steps. */
export class AnnealProgram {
  readonly #program: Program;
  readonly #start: Program;
  readonly chains: number;

  private constructor(program: Program, start: Program, chains: number) {
    this.#program = program;
    this.#start = start;
    this.chains = chains;
  }

  /** Compiles `chains` chains of a model with its parameters. */
  static async compile<P extends EnergyParameters>(
    model: EnergyModel<P>,
    parameters: P,
    { chains, ...engine }: { readonly chains: number } & EngineOptions,
  ): Promise<AnnealProgram> {
    const { space, path } = model;
    const f = (key: SymbolicKey, x: Tensor, from: Tensor, to: Tensor) => {
      const p = freeze(parameters);
      return scan(
        (at: Tensor, t: { from: Tensor; to: Tensor }) => {
          const gain = sub(path.logWeight(p, at, t.to), path.logWeight(p, at, t.from));
          return [path.sweep(p, at, t.to, key), gain] as const;
        },
        x,
        { from, to },
      );
    };
    const point = new Spec([CHUNK]);
    const rows = new Spec([chains, ...siteShape(space)], inputType(space));
    const program = await Program.compile(trace(f, [KEY, rows, point, point]), engine);
    const draw = (key: SymbolicKey) => path.draw(freeze(parameters), key, chains);
    return new AnnealProgram(program, await Program.compile(trace(draw, [KEY]), engine), chains);
  }

  /** Independent rows of the path's start, one a chain. */
  async begin(key: Key): Promise<NDArray<DType>> {
    const [x] = await this.#start.run([], { keys: [key] });
    return x as NDArray<DType>;
  }

  /**
   * Carries `x: [chains, ...sites]` through `temperatures`, the points t of the path from the current one: at
   * each the log-weight grows by log f_next(x) − log f_now(x), then one sweep at the new point follows (Neal,
   * Stat. Comput. 11, 125, 2001, eqs. 3 and 4). `every` is called during the run with the number of points
   * passed, and may throw to stop.
   */
  async run(
    x: NDArray<DType>,
    temperatures: Float32Array,
    key: Key,
    every?: (done: number) => void,
  ): Promise<Annealing> {
    const chunk: AnnealChunk<NDArray<DType>> = async (at, from, to, begin) => {
      const [next, gains] = await this.#program.run([at, from, to], { keys: [key.fold(begin / CHUNK)] });
      return [next as NDArray<DType>, (gains as NDArray<"f32">).data];
    };
    return alongPath(x, temperatures, this.chains, chunk, every);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.#program.release();
    await this.#start.release();
  }
}
