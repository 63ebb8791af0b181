import type { Command } from "commander";
import { sizeOf } from "../../array.ts";
import { formatOf } from "../../data/formats/index.ts";
import { planSheet } from "../../data/pictures/sheet.ts";
import { numbers } from "../../data/values.ts";
import { inputError, usageError } from "../../error.ts";
import { isPictureName, loadArray, saveArray, saveRows } from "../../files/index.ts";
import { alternatives } from "../../nearest.ts";
import { formatComparison, formatEstimate } from "../../stats/index.ts";
import {
  type KappaMaps,
  type KappaParameters,
  type KappaRanges,
  kappaParameters,
  rangedNames,
  rangeTexts,
  simulateKappa,
} from "../../systems/index.ts";
import { numberOf, requireRoom, textOf } from "../options/flags.ts";
import { parseSettings } from "../options/values.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import type { Flags } from "./command.ts";

/** Flags of the maps alone, and the parameters that they give. */
const ownFlags = {
  method: "method",
  pixel: "pixel",
  redshift: "redshift",
  noise: "noise",
  smooth: "smooth",
} as const;

/** Parameters that `--set` gives, in addition to those with flags. */
const names = ["omegaM", "omegaB", "h", "ns", "sigma8", "sigmaE", ...Object.keys(ownFlags)];

/** Flags of Monte Carlo, which maps do not need. */
const foreign = [
  ...["beta", "temperature", "mass2", "lambda", "betaRange", "replicas", "chains", "algorithm"],
  ...["sweeps", "burnIn", "encoding", "resume"],
];

/** One line for the list of systems. */
export const kappaSummary =
  "weak-lensing maps of the convergence: --method, --pixel, --redshift, --noise, --smooth, --mask; --set omegaM=0.3";

/** Adds the flags of maps. */
export function addKappaOptions(command: Command): void {
  command
    .option("--method <name>", "kappa: lognormal or gaussian (default: lognormal)")
    .option("--pixel <arcmin>", "kappa: side of a pixel in minutes of arc (default: 1.64)")
    .option("--redshift <z>", "kappa: redshift of the sources, or a range such as 0.5..1.5 (default: 1)")
    .option(
      "--noise <noise>",
      "kappa: shape noise of n galaxies per square minute of arc; qubits: depolarise=p, dephase=p, amplitude-damping=p, white=p, readout=p0,p1, drift=angle (repeatable) (default: none)",
      (text: string, before: string | undefined) => (before === undefined ? text : `${before} ${text}`),
    )
    .option("--smooth <arcmin>", "kappa: standard deviation of Gaussian smoothing (default: none)")
    .option("--mask <file>", "kappa: array of the shape of a map, 0 where nothing is seen");
}

/** Throws a usage error for flags of maps where another system is simulated. */
export function refuseKappaFlags(flags: Flags, system: string): void {
  for (const name of [...Object.keys(ownFlags), "mask"])
    if (flags[name] !== undefined)
      throw usageError(`--${name}: is for maps (simulate kappa); leave it out for ${system}`);
}

/** Draws maps of the convergence into a file. */
export async function simulateKappaFile(out: string, flags: Flags, session: Session): Promise<Outcome> {
  const wrong = foreign.find((name) => flags[name] !== undefined);
  if (wrong !== undefined) {
    const flag = wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw usageError(`--${flag}: does not apply to kappa, whose maps are independent; leave it out`);
  }
  const { parameters, ranges } = parametersOf(flags);
  const samples = numberOf(flags, "samples", 10_000);
  requireRoom(samples, 4 * sizeOf(parameters.shape));
  const { shape } = parameters;
  if (isPictureName(out)) planSheet(samples, { kind: "real", shape });
  else formatOf(out); // refuses an unknown one before maps are drawn
  const mask = textOf(flags, "mask");
  const footprint = mask === undefined ? undefined : await footprintOf(mask, shape);
  const progress = session.progress("simulate kappa");
  const began = performance.now();
  const made = await simulateKappa({
    ...{ parameters, ranges, samples, footprint },
    seed: numberOf(flags, "seed", 0),
    signal: session.signal,
    onProgress: (done, total) => progress.count(done, total, "maps"),
  }).finally(() => progress.end());
  await save(out, made, { footprint, session, force: flags.force === true });
  return outcome(out, parameters, ranges, made, (performance.now() - began) / 1000);
}

async function save(
  out: string,
  { x, context, parent, spectrum, meta }: KappaMaps,
  { footprint, session, force }: { footprint: Uint8Array | undefined; session: Session; force: boolean },
): Promise<void> {
  const { space, encoding } = meta;
  if (isPictureName(out)) return saveRows(out, { x, space, encoding }, { force });
  if (!out.endsWith(".npz"))
    session.note(`note: ${out} holds the maps alone; an .npz keeps parents, spectrum and cosmology too`);
  const seen = footprint && { dtype: "u8" as const, shape: x.shape.slice(1), data: footprint };
  const beside = { parent, spectrum, ...(context && { context }), ...(seen && { footprint: seen }) };
  await saveArray(out, x, { beside, meta: { ...meta, command: session.command }, force });
}

/**
 * The parameters from flags and `--set`, and those with a range such as `0.2..0.4`, with its middle among the
 * parameters.
 */
function parametersOf(flags: Flags): { parameters: KappaParameters; ranges: KappaRanges } {
  const given = parseSettings((flags.set as string[] | undefined) ?? []);
  for (const name of ["shape", ...Object.values(ownFlags)]) {
    const value = textOf(flags, name);
    if (value === undefined) continue;
    if (given[name] !== undefined)
      throw usageError(`${name} is given by --${name} and by --set; leave one out`);
    given[name] = value;
  }
  const ranges: Record<string, readonly [number, number]> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name !== "shape" && !names.includes(name))
      throw usageError(`kappa has no parameter '${name}'${alternatives(name, names, "it has")}`);
    const [, from, to] = /^(.+)\.\.(.+)$/.exec(typeof value === "string" ? value : "") ?? [];
    if (from === undefined) continue;
    if (!rangedNames.some((known) => known === name))
      throw usageError(`${name}: takes one number, not a range; ranges are for ${rangedNames.join(", ")}`);
    const [low, high] = [Number(from), Number(to)];
    if (!(low < high))
      throw usageError(`${name}: a range goes from a smaller to a larger number, such as 0.2..0.4`);
    // Both ends must be possible, with the ends of the others too.
    ranges[name] = [low, high];
  }
  const at = (pick: (range: readonly [number, number], name: string) => number) =>
    checked({
      ...given,
      ...Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, pick(range, name)])),
    });
  at(([low], name) => (name === "omegaB" ? (ranges.omegaB?.[1] ?? low) : low));
  at(([, high]) => high);
  return { parameters: at(([low, high]) => (low + high) / 2), ranges };
}

function checked(given: Record<string, unknown>): KappaParameters {
  const parsed = kappaParameters.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw inputError(`kappa: ${issue?.path.join(".")}: ${issue?.message}`);
}

async function footprintOf(path: string, shape: readonly number[]): Promise<Uint8Array> {
  const array = await loadArray(path);
  const values = numbers(array);
  const size = sizeOf(shape);
  if (values.length !== size || array.shape.at(-1) !== shape.at(-1))
    throw inputError(`${path}: has the shape ${array.shape.join("x")}; maps have ${shape.join("x")} pixels`);
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0)
    throw inputError(`${path}: holds ${values[wrong]}; a mask is 1 for observed pixels, otherwise 0`);
  // The mean of the pixels that are seen is subtracted: a single one would always be 0.
  const footprint = Uint8Array.from(values);
  const seen = footprint.reduce((sum, value) => sum + value, 0);
  if (seen < 2)
    throw inputError(
      `${path}: shows ${seen === 0 ? "no pixel" : "1 pixel"}; a mask needs at least 2 pixels with value 1`,
    );
  return footprint;
}

function outcome(
  out: string,
  parameters: KappaParameters,
  ranges: KappaRanges,
  { x, variance }: KappaMaps,
  seconds: number,
): Outcome {
  const [rows] = x.shape as [number];
  const { shape, pixel, method, redshift } = parameters;
  const { estimate, exact } = variance;
  const side = (n: number) => `${Number((n * pixel).toPrecision(3))}′`;
  const ranged = Object.keys(ranges);
  const z = ranges.redshift ? "" : `, sources at z = ${redshift}`;
  const square = exact === undefined ? formatEstimate(estimate) : formatComparison(estimate, exact);
  return {
    document: {
      out,
      system: { name: "kappa", parameters: { ...parameters, ...rangeTexts(ranges) } },
      rows,
      shape,
      ...(ranged.length > 0 && { context: ranged }),
      variance: { ...estimate, ...(exact !== undefined && { exact }) },
      seconds,
    },
    text: [
      `${out}: ${rows} ${method} maps of the convergence, ${shape.map(side).join(" × ")} in ${shape.join("×")} pixels${z}`,
      "independent draws, each map of its own realisation (parent)",
      ...(ranged.length > 0
        ? [`context of each map: ${rangedNames.filter((n) => ranges[n]).join(", ")}`]
        : []),
      `mean square of a pixel ${square}`,
    ].join("\n"),
  };
}
