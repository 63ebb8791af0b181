import { type DType, type NDArray, ndarray } from "../../../array.ts";
import { siteShape } from "../../../data/space.ts";
import type { Key } from "../../../random/key.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import { type SymbolicKey, scan, sub, type Tensor } from "../../../tensor/index.ts";
import { freeze } from "../../arrays.ts";
import { type EnergyModel, type EnergyParameters, inputType } from "../../contract.ts";

/** Temperatures in one run of the graph. */
const CHUNK = 16;
/** Pieces of a path whose work is kept apart, to tell where it is spent. */
const SEGMENTS = 64;

/** What an annealing of several chains along the path did. */
export interface Annealing {
  /** `[chains, ...sites]`: where they ended. */
  readonly x: NDArray<DType>;
  /** Log-weight of each chain, nats: the sum of log f_next(x) − log f_now(x) over the temperatures it passed. */
  readonly logWeights: Float64Array;
  /** The same, of consecutive pieces of the path: `[pieces][chains]`. */
  readonly pieces: readonly Float64Array[];
  /** The points t between which the pieces lie, one more than pieces, and the number of steps of each. */
  readonly edges: readonly number[];
  readonly steps: readonly number[];
}

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
   * Carries `x: [chains, ...sites]` through `temperatures`, the points t of the path from where x is now: at each the
   * log-weight grows by log f_next(x) − log f_now(x), then one sweep at the new point follows (Neal, Stat. Comput. 11, 125,
   * 2001, eqs. 3 and 4). `every` is called as it goes with how many are passed, and may throw to stop.
   */
  async run(
    x: NDArray<DType>,
    temperatures: Float32Array,
    key: Key,
    every?: (done: number) => void,
  ): Promise<Annealing> {
    const total = temperatures.length - 1;
    const pieces: Float64Array[] = [];
    const edges = [temperatures[0] as number];
    const steps: number[] = [];
    let at = x;
    for (let begin = 0; begin < total; begin += CHUNK) {
      every?.(begin);
      // Steps beyond the end stay at the last point: they weigh nothing, and are not looked at.
      const points = Float32Array.from(
        { length: CHUNK + 1 },
        (_, i) => temperatures[Math.min(begin + i, total)] as number,
      );
      const [next, gains] = await this.#program.run(
        [at, ndarray("f32", [CHUNK], points.slice(0, -1)), ndarray("f32", [CHUNK], points.slice(1))],
        { keys: [key.fold(begin / CHUNK)] },
      );
      at = next as NDArray<DType>;
      const data = (gains as NDArray<"f32">).data;
      for (let i = 0; i < CHUNK && begin + i < total; i++) {
        const piece = Math.floor(((begin + i) * SEGMENTS) / Math.max(total, SEGMENTS));
        pieces[piece] ??= new Float64Array(this.chains);
        const sum = pieces[piece];
        for (let c = 0; c < this.chains; c++)
          sum[c] = (sum[c] as number) + (data[i * this.chains + c] as number);
        edges[piece + 1] = temperatures[begin + i + 1] as number;
        steps[piece] = (steps[piece] ?? 0) + 1;
      }
    }
    every?.(total);
    const logWeights = new Float64Array(this.chains);
    for (const piece of pieces)
      piece.forEach((w, c) => {
        logWeights[c] = (logWeights[c] as number) + w;
      });
    return { x: at, logWeights, pieces, edges, steps };
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.#program.release();
    await this.#start.release();
  }
}
