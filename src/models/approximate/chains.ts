import { type DType, type NDArray, ndarray } from "../../array.ts";
import { siteShape } from "../../data/space.ts";
import type { Key } from "../../random/key.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { KEY, Spec, trace } from "../../runtime/trace.ts";
import { reshape, type SymbolicKey, scan, type Tensor } from "../../tensor/index.ts";
import { freeze } from "../arrays.ts";
import { type EnergyModel, type EnergyParameters, inputType } from "../contract.ts";

/** Sweeps in one run of the graph. */
export const sweepsPerRun = 10;
const CHUNK = sweepsPerRun;

/** What a run of {@link ChainProgram} saw. */
export interface ChainTrace {
  /** `[chains, ...sites]`, the last state of the chains. */
  readonly x: NDArray<DType>;
  /** `[sweeps][chains]`: log f_t after each sweep, nats. */
  readonly logWeight: readonly Float32Array[];
}

/** Chains of an energy model side by side, as a host loop over a graph of ten sweeps. */
export class ChainProgram {
  private readonly program: Program;
  private readonly start: Program;
  /** Chains in one run of the graph. */
  readonly chains: number;
  private readonly clamped: boolean;

  private constructor(program: Program, start: Program, chains: number, clamped: boolean) {
    this.program = program;
    this.start = start;
    this.chains = chains;
    this.clamped = clamped;
  }

  /** Compiles `chains` chains; those of a `clamped` program keep the known sites that each run is given. */
  static async compile<P extends EnergyParameters>(
    model: EnergyModel<P>,
    parameters: P,
    { chains, clamped = false, ...engine }: { chains: number; clamped?: boolean } & EngineOptions,
  ): Promise<ChainProgram> {
    const { space, path } = model;
    const shape = [chains, ...siteShape(space)];
    const f = (key: SymbolicKey, x: Tensor, t: Tensor, known?: Tensor) => {
      const p = freeze(parameters);
      return scan(
        (at: Tensor, temperature: Tensor) => {
          const next = path.sweep(p, at, temperature, key, known);
          return [next, path.logWeight(p, next, temperature)] as const;
        },
        x,
        reshape(t, [CHUNK]),
      );
    };
    const known = clamped ? new Spec(shape) : undefined;
    const specs = [KEY, new Spec(shape, inputType(space)), new Spec([CHUNK]), known] as const;
    const program = await Program.compile(trace(f, specs), engine);
    const draw = (key: SymbolicKey) => path.draw(freeze(parameters), key, chains);
    const start = await Program.compile(trace(draw, [KEY]), engine);
    return new ChainProgram(program, start, chains, clamped);
  }

  /** Independent rows of the path's start, one a chain. */
  async begin(key: Key): Promise<NDArray<DType>> {
    const [x] = await this.start.run([], { keys: [key] });
    return x as NDArray<DType>;
  }

  /**
   * One sweep for each of `temperatures` (points t of the path), from `x`: `[chains, ...sites]`; a number of them that tens do
   * not divide is made whole by more at the last one. `every` is called before each ten sweeps with how many are done, and
   * may throw to stop.
   */
  async run(
    x: NDArray<DType>,
    temperatures: Float32Array,
    key: Key,
    { known, every }: { known?: NDArray<"f32"> | undefined; every?: (done: number) => void } = {},
  ): Promise<ChainTrace> {
    if (this.clamped !== (known !== undefined)) throw new Error("known sites go with a clamped program");
    const logWeight: Float32Array[] = [];
    let at = x;
    for (let from = 0; from < temperatures.length; from += CHUNK) {
      every?.(from);
      const some = temperatures.subarray(from, from + CHUNK);
      const t = new Float32Array(CHUNK).fill(some.at(-1) as number);
      t.set(some);
      const [next, logs] = await this.program.run(
        [at, ndarray("f32", [CHUNK], t), ...(known ? [known] : [])],
        { keys: [key.fold(from)] },
      );
      at = next as NDArray<DType>;
      const data = (logs as NDArray<"f32">).data;
      for (let i = 0; i < CHUNK; i++) logWeight.push(data.slice(i * this.chains, (i + 1) * this.chains));
    }
    return { x: at, logWeight };
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.program.release();
    await this.start.release();
  }
}
