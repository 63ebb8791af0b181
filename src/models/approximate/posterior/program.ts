import { type NDArray, ndarray } from "../../../array.ts";
import { siteShape, sites } from "../../../data/space.ts";
import type { Key } from "../../../random/key.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { Program } from "../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../runtime/trace.ts";
import {
  add,
  BATCH,
  exp,
  minimum,
  mul,
  type SymbolicKey,
  scan,
  sub,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import { freeze } from "../../arrays.ts";
import { contextSize } from "../../context.ts";
import { inputType, type LatentVariables, type Parameters, type Symbolic } from "../../contract.ts";
import { type AnnealChunk, type Annealing, alongPath, CHUNK } from "../along-path.ts";
import type { LatentModel } from "./latent-model.ts";
import { move, type Place, type Posterior, placeAt } from "./move.ts";
import type { Lanes } from "./rows.ts";
import { type Steps, stepsAt } from "./steps.ts";

/** Acceptance that step sizes are tuned to. */
const TARGET = 0.75;
/** Share of the logarithm of a step by which one move changes it while steps are tuned. */
const RATE = 0.2;

/** What an annealing over latent variables did. */
export interface LatentAnnealing extends Annealing<NDArray<"f32">> {
  /** Logarithms of the step sizes of each move, `[steps][chains]`, if they were tuned. */
  readonly logSteps: readonly Float32Array[];
  /** Mean probability of a move to be accepted. */
  readonly acceptance: number;
}

/** How {@link LatentProgram} is compiled. */
export interface LatentProgramOptions extends EngineOptions {
  /** Leapfrog steps of a move. */
  readonly leaps: number;
  /** Whether a part of the sites is known, which alone enter the likelihood. */
  readonly masked: boolean;
}

/** Chains in z that are carried along f_t(z) ∝ P(z) P(x | z)^t in either direction, any number of them at a time. */
export class LatentProgram {
  readonly #program: Program;
  readonly #start: Program;
  readonly #size: number;
  readonly #longest: number;

  private constructor(program: Program, start: Program, size: number, longest: number) {
    this.#program = program;
    this.#start = start;
    this.#size = size;
    this.#longest = longest;
  }

  /** Compiles the moves of a model with its parameters. */
  static async compile<P extends Parameters>(
    model: LatentModel<P>,
    parameters: P,
    { leaps, masked, ...engine }: LatentProgramOptions,
  ): Promise<LatentProgram> {
    const { space, latent } = model;
    // Half a period of a normal prior, beyond which a trajectory comes back.
    const longest = Math.log(Math.PI / leaps);
    const f = (
      key: SymbolicKey,
      z: Tensor,
      tuned: Tensor,
      given: Given,
      path: { from: Tensor; to: Tensor; logStep: Tensor },
      rate: Tensor,
    ) => {
      const posterior = posteriorOf(latent, freeze(parameters), given);
      const [end, each] = scan(
        (at: { place: Place; tuned: Tensor }, { from, to, logStep }: typeof path) => {
          const gain = mul(sub(to, from), at.place.likelihood.value);
          const own = minimum(add(logStep, at.tuned), longest);
          const { place, accepted } = move(posterior, at.place, to, exp(own), key, leaps);
          const change = mul(rate, sub(accepted, TARGET));
          const tuned = minimum(add(at.tuned, change), sub(longest, logStep));
          return [
            { place, tuned },
            { gain, own, accepted },
          ] as const;
        },
        { place: placeAt(posterior, z), tuned },
        path,
      );
      return [end.place.z, end.tuned, each.gain, each.own, each.accepted];
    };
    const point = new Spec([CHUNK]);
    const context = model.context && new Spec([BATCH, contextSize(model)]);
    const x = new Spec([BATCH, ...siteShape(space)], inputType(space));
    const known = masked ? new Spec([BATCH, sites(space)]) : undefined;
    const path = { from: point, to: point, logStep: new Spec([CHUNK, BATCH]) };
    const specs = [
      KEY,
      new Spec([BATCH, latent.size]),
      new Spec([BATCH]),
      { x, context, known },
      path,
      new Spec([]),
    ] as const;
    const program = await Program.compile(trace(f, specs), engine);
    const draw = (key: SymbolicKey, given: Tensor | undefined) =>
      latent.drawPrior(freeze(parameters), key, given);
    const start = await Program.compile(trace(draw, [KEY, context]), engine);
    return new LatentProgram(program, start, latent.size, longest);
  }

  /** One z from the prior for each of the `lanes`. */
  async begin({ count, context }: Lanes, key: Key): Promise<NDArray<"f32">> {
    const [z] = await this.#start.run(context ? [context] : [], { keys: [key], batch: count });
    return z as NDArray<"f32">;
  }

  /** The longest step that is taken, for all chains and all t. */
  get longest(): Steps {
    return { points: Float32Array.of(0), logSteps: [Float32Array.of(this.#longest)] };
  }

  /**
   * Carries z through `temperatures`, the points t from the current one. Without `tune` the steps at each
   * point are `steps`, fixed beforehand, so that weights are those of annealed importance sampling (Neal,
   * Stat. Comput. 11, 125, 2001); with it they are tuned on the way, and the weights only show where the work
   * is.
   */
  async run(
    z: NDArray<"f32">,
    { count, x, context, known }: Lanes,
    temperatures: Float32Array,
    steps: Steps,
    key: Key,
    { tune = false, every }: { readonly tune?: boolean; readonly every?: (done: number) => void } = {},
  ): Promise<LatentAnnealing> {
    const logSteps: Float32Array[] = [];
    let accepted = 0;
    // The leaves of an argument come in the order of their names.
    const beside = [...(context ? [context] : []), ...(known ? [known] : []), x];
    const rate = ndarray("f32", [], Float32Array.of(tune ? RATE : 0));
    const chunk: AnnealChunk<{ z: NDArray<"f32">; tuned: NDArray<"f32"> }> = async (at, from, to, begin) => {
      const logStep = ndarray("f32", [CHUNK, count]);
      for (let i = 0; i < CHUNK; i++)
        stepsAt(steps, to.data[i] as number, logStep.data.subarray(i * count, (i + 1) * count));
      const results = await this.#program.run([at.z, at.tuned, ...beside, from, logStep, to, rate], {
        keys: [key.fold(begin / CHUNK)],
      });
      const [next, tuned, gains, own, chance] = results as NDArray<"f32">[];
      for (let i = 0; i < CHUNK && begin + i < temperatures.length - 1; i++) {
        const part = [i * count, (i + 1) * count] as const;
        if (tune) logSteps.push((own as NDArray<"f32">).data.slice(...part));
        accepted += (chance as NDArray<"f32">).data.subarray(...part).reduce((s, a) => s + a, 0) / count;
      }
      const there = { z: next as NDArray<"f32">, tuned: tuned as NDArray<"f32"> };
      return [there, (gains as NDArray<"f32">).data];
    };
    const start = { z, tuned: ndarray("f32", [count]) };
    const { x: end, ...rest } = await alongPath(start, temperatures, count, chunk, every);
    return { ...rest, x: end.z, logSteps, acceptance: accepted / (temperatures.length - 1) };
  }

  /** Latent variables of the model. */
  get size(): number {
    return this.#size;
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.#program.release();
    await this.#start.release();
  }
}

/** Rows that z is to explain, as tensors. */
interface Given {
  readonly x: Tensor;
  readonly context: Tensor | undefined;
  readonly known: Tensor | undefined;
}

/** log P(z) and log P(x | z) for given rows; if some sites are `known`, for those alone. */
function posteriorOf<P extends Parameters>(
  latent: LatentVariables<P>,
  p: Symbolic<P>,
  { x, context, known }: Given,
): Posterior {
  return {
    logPrior: (z) => latent.logPrior(p, z, context),
    logLikelihood: (z) => {
      const each = known && latent.siteLogLikelihood?.(p, x, z, context);
      return each ? sum(mul(each, known), 1) : latent.logLikelihood(p, x, z, context);
    },
  };
}
