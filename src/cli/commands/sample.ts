import { planSheet } from "../../data/pictures/sheet.ts";
import { rowBytes, sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { checkWritable, isPictureName } from "../../files/index.ts";
import { byKind, type FittedBounded, type FittedImplicit, type TimeDrawing } from "../../models/index.ts";
import type { RunRecord } from "../../runs/index.ts";
import { contextOfBasis } from "../options/basis.ts";
import { contextsOf } from "../options/context.ts";
import { numberOf, positiveFlag, requiredText, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { flagName } from "../options/option-flags.ts";
import { addEnergyOptions, selectedSystem } from "../options/selected-system.ts";
import { addGivenSystem } from "../options/system-options.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { Outcome } from "../terminal/session.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { exactFitted, openFitted } from "./open-model.ts";
import { sampleByChains } from "./sample-chains.ts";
import { sampleExact } from "./sample-exact.ts";
import { sampleIndependent } from "./sample-independent.ts";
import { sampleByMetropolis } from "./sample-metropolis.ts";
import { sampleWalks } from "./sample-walk.ts";

/** `ansatz sample`. */
export const sample: CommandSpec = {
  define(command) {
    command
      .description(
        "Draw configurations from a fitted model, in the encoding of its data. They are independent if the likelihood is " +
          "exact. For an energy model they are rows of Markov chains, and the autocorrelation time and R̂ are printed.",
      )
      .argument("<run>", "run folder")
      .option("-n, --samples <n>", "number of configurations (default: 1000)", wholeFlag("--samples"))
      .option(
        "--context <file|values>",
        "context: a file with one row per sample, or values for all, such as 0.5,1",
      )
      .option("--basis <letters>", "setting of every shot of measured qubits, such as XXZ")
      .option(
        "--temperature <t>",
        "divisor of the logits of every conditional; below 1 it favours probable configurations (default: 1)",
        positiveFlag("--temperature"),
      )
      .option(
        "--prefix <values>",
        "values of the first sites in the model's order, the same in every sample, such as 1,1,0",
      )
      .option(
        "--metropolis",
        "sample the system of the run exactly, by Markov chains that propose samples of the model; .npz keeps the chains",
      )
      .option(
        "--chains <n>",
        "chains of --metropolis (default: 16), or of an energy model (default: 100)",
        wholeFlag("--chains"),
      )
      .option(
        "--burn-in <n>",
        "energy models: sweeps before the first row of a chain (default: 1000)",
        wholeFlag("--burn-in"),
      )
      .option(
        "--thin <n>",
        "energy models: sweeps between rows of a chain, rounded up to a multiple of 10 (default: 2τ as measured, at most 100)",
        wholeFlag("--thin"),
      )
      .option(
        "--steps <n>",
        "flows in time: steps from noise to data (default: those of the run)",
        wholeFlag("--steps"),
      )
      .option(
        "--guidance <s>",
        "flows in time with a context: scale of guidance, u + s (c − u) of velocities without and with it; 1 is the model itself (default: that of the run)",
        positiveFlag("--guidance"),
      )
      .option(
        "--interpolate <steps>",
        "models with codes: rows on the way between pairs of samples, this many of each, both ends among them",
        wholeFlag("--interpolate", 2),
      )
      .option(
        "--out <file>",
        "file to write: .npy, .npz, .csv, .txt, or .png for one picture or a sheet of them",
      );
    addGivenSystem(command);
    addEnergyOptions(command);
    command.option("--beta <number>", "inverse temperature of --energy");
    addTextOptions(command);
  },
  examples: [
    "sample runs/made -n 1000 --seed 2 --out samples.npy",
    "sample runs/made -n 1000 --prefix 1,1,0 --temperature 0.8 --out samples.npy",
    "sample runs/mle --basis XXZ -n 1000 --out shots.npy",
    "sample runs/glow -n 64 --out sheet.png",
    "sample runs/sky -n 1000 --steps 12 --out maps.npy",
    "sample runs/vae -n 64 --interpolate 8 --out walk.png",
    "sample runs/rbm -n 10000 --burn-in 2000 --out samples.npz",
    "sample runs/van -n 100000 --metropolis --out samples.npz",
  ],
  async run([folder = ""], flags, session) {
    const out = requiredText(flags, "out", "name the file to write, such as --out samples.npy");
    const force = flags.force === true;
    const seed = numberOf(flags, "seed", 0);
    await checkWritable(out, { force });
    const chains = typeof flags.chains === "number" ? flags.chains : undefined;
    for (const name of ["system", "energy", "fields", "beta"])
      if (flags[name] !== undefined && flags.metropolis !== true)
        throw usageError(`--${name} needs --metropolis; other samples come from the model alone`);
    const { temperature: _, ...ofSystem } = flags;
    const system = await selectedSystem(ofSystem);
    if (flags.metropolis === true)
      for (const other of ["context", "basis", "temperature", "prefix"])
        if (flags[other] !== undefined) throw usageError(`--metropolis and --${other} cannot go together`);
    const { run, fitted } = await openFitted(folder, drawingOf(flags));
    const { record } = run;
    requireRoom(numberOf(flags, "samples", 1000), rowBytes(record.space));
    if (isPictureName(out) && flags.interpolate === undefined)
      planSheet(numberOf(flags, "samples", 1000), record.space);
    const given = { out, seed, force, session, chains };
    const steps = flags.interpolate;
    if (typeof steps === "number") {
      for (const other of ["metropolis", "temperature", "prefix", "chains", "burnIn", "thin"])
        if (flags[other] !== undefined)
          throw usageError(`--interpolate and --${flagName(other)} cannot go together`);
      const { n, context } = await countOf(flags, record, 8 * steps);
      return sampleWalks(run, fitted, { ...given, samples: n, steps, context });
    }
    return byKind<Promise<Outcome>>(fitted, {
      energy(own) {
        for (const other of ["metropolis", "context", "basis", "temperature", "prefix"])
          if (flags[other] !== undefined)
            throw usageError(
              `${folder}: a ${record.family} is sampled by Markov chains; leave --${other} out`,
            );
        const [burnIn, thin] = ["burnIn", "thin"].map((name) => flags[name] as number | undefined);
        return sampleByChains(run, own, {
          ...given,
          samples: numberOf(flags, "samples", 1000),
          burnIn,
          thin,
        });
      },
      async exact(own) {
        if (flags.metropolis !== true && chains !== undefined)
          throw usageError("--chains needs --metropolis; other samples are independent");
        refuseChainFlags(flags, record.family);
        const { n, context } = await countOf(flags, record);
        if (flags.metropolis === true)
          return sampleByMetropolis(run, own, { ...given, samples: n, chains, system });
        return sampleExact(run, own, {
          ...{ ...given, samples: n, context },
          temperature: numberOf(flags, "temperature", 1),
          prefix: textOf(flags, "prefix"),
        });
      },
      bounded(own) {
        if (flags.metropolis !== true || !own.model.flowTime) return independent(own);
        for (const [name, flag] of Object.entries({ steps: "--steps", guidance: "--guidance" }))
          if (flags[name] !== undefined) throw usageError(`--metropolis and ${flag} cannot go together`);
        refuseChainFlags(flags, record.family);
        const request = { ...given, samples: numberOf(flags, "samples", 1000), chains, system };
        return sampleByMetropolis(run, exactFitted(own), request);
      },
      implicit: (own) => independent(own),
    });

    async function independent(own: FittedBounded | FittedImplicit): Promise<Outcome> {
      for (const other of ["metropolis", "temperature", "prefix", "chains"])
        if (flags[other] !== undefined)
          throw usageError(
            `${folder}: a ${record.family} draws independent samples without a log-probability; leave --${other} out`,
          );
      refuseChainFlags(flags, record.family);
      const { n, context } = await countOf(flags, record);
      return sampleIndependent(run, own, { ...given, samples: n, context });
    }
  },
};

/** How a flow in time draws, from the flags; undefined without such flags. */
function drawingOf({ steps, guidance }: Flags): TimeDrawing | undefined {
  if (steps === undefined && guidance === undefined) return undefined;
  return {
    ...(typeof steps === "number" && { steps }),
    ...(typeof guidance === "number" && { guidance }),
  };
}

/** Throws a usage error for flags of energy models' chains. */
function refuseChainFlags(flags: Flags, family: string): void {
  for (const [name, flag] of [
    ["burnIn", "--burn-in"],
    ["thin", "--thin"],
  ] as const)
    if (flags[name] !== undefined)
      throw usageError(`${flag} is for chains of energy models; samples of a ${family} need none`);
}

/** How many samples are asked for, or `otherwise`, and what they are conditioned on. */
async function countOf(flags: Flags, { context: of, space }: RunRecord, otherwise?: number) {
  const path = textOf(flags, "context");
  const asked = typeof flags.samples === "number" ? flags.samples : undefined;
  const wanted = asked ?? otherwise;
  const basis = textOf(flags, "basis");
  if (basis !== undefined) {
    if (path !== undefined)
      throw usageError("--basis and --context both say what samples are conditioned on; give one");
    const n = wanted ?? 1000;
    requireRoom(n, rowBytes(space));
    return { n, context: contextOfBasis(basis, of, sites(space), n) };
  }
  const context = path === undefined ? undefined : await contextsOf(path, of, wanted, textFlagsOf(flags));
  const n = wanted ?? context?.shape[0] ?? 1000;
  requireRoom(n, rowBytes(space));
  return { n, context };
}
