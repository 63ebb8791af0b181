import { rowBytes } from "../../data/space.ts";
import { type SymmetryName, symmetryNames } from "../../data/symmetry.ts";
import { usageError } from "../../error.ts";
import { partRows } from "../../evaluate/index.ts";
import { explainData, explainModel, explicable } from "../../explain/index.ts";
import { checkWritable, writeFileAtomic } from "../../files/index.ts";
import { Key } from "../../random/key.ts";
import { page } from "../../report/index.ts";
import { isRun } from "../../runs/index.ts";
import type { Explained } from "../../study/explained.ts";
import { explanationText } from "../../study/explanation-text.ts";
import { knownCouplings } from "../../study/known-couplings.ts";
import { studyExplanation } from "../../study/study-explanation.ts";
import { ofParameters } from "../../systems/index.ts";
import { checkAugmentation } from "../options/augmentation.ts";
import { contextsOf } from "../options/context.ts";
import { loadRequest } from "../options/data-options.ts";
import { numberOf, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { addSelectedSystem, selectedSystem } from "../options/selected-system.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { Session } from "../terminal/session.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { openFitted } from "./open-model.ts";
import { ownSystemOf } from "./run-data.ts";
import { systemOfModel } from "./target-of-run.ts";

/** `ansatz explain`. */
export const explain: CommandSpec = {
  define(command) {
    command
      .description(
        "Find an effective Hamiltonian: log P(s) = const + Σ K Π s_i, a sparse sum of products of spins s = ±1 (−1 for " +
          "bit 0), with an error for every coefficient K. For a run folder, it approximates the log-probability of the model. " +
          "For a data file, it is fitted to the rows by pseudo-likelihood. If the system is known, the exact couplings are " +
          "shown too.",
      )
      .argument("<run-or-data>", "run folder, or data file of bits or spins")
      .option("--order <k>", "maximum number of spins in a product (default: 2)", wholeFlag("--order"))
      .option(
        "--symmetry <names>",
        `symmetries whose equivalent products share one coefficient: ${symmetryNames.join(", ")} (default: none)`,
      )
      .option(
        "--terms <n>",
        "maximum number of terms to show: the most significant (the largest, if errors are unknown); all are fitted",
        wholeFlag("--terms"),
      )
      .option(
        "-n, --samples <n>",
        "configurations to draw from a model (default: 20000)",
        wholeFlag("--samples", 100),
      )
      .option("--context <values>", "context at which a conditional model is explained, such as 0.44")
      .option("--space <space>", "space of a data file: binary (default: from the values)")
      .option("--shape <shape>", "shape of a row, such as 8x8, if the data file holds flat rows")
      .option("--out <file.html>", "page to write: formula, coupling graph, all numbers");
    addSelectedSystem(command);
    addTextOptions(command);
  },
  examples: [
    "explain ising.npz --out ising.html",
    "explain runs/made --symmetry flip,translations,reflections",
  ],
  async run([source = ""], flags, session) {
    const out = textOf(flags, "out");
    if (out !== undefined && !out.endsWith(".html"))
      throw usageError(`--out names a page, such as explain.html, not ${out}`);
    const force = flags.force === true;
    if (out !== undefined) await checkWritable(out, { force });
    const began = performance.now();
    const explained = (await isRun(source))
      ? await explainRun(source, flags, session)
      : await explainFile(source, flags, session);
    const known = knownCouplings(explained);
    const seconds = (performance.now() - began) / 1000;
    const study = studyExplanation(explained, known);
    if (out !== undefined) await writeFileAtomic(out, page(study, { command: session.command }), { force });
    return {
      document: { ...study.document, out, seconds },
      text: `${explanationText(explained, known)}${out === undefined ? "" : `\n${out}`}`,
    };
  },
};

function optionsOf(flags: Flags, session: Session) {
  const names = (textOf(flags, "symmetry") ?? "").split(",").map((name) => name.trim());
  const symmetry = names.filter((name) => name !== "" && name !== "none");
  for (const name of symmetry)
    if (!symmetryNames.some((known) => known === name))
      throw usageError(`--symmetry takes names of ${symmetryNames.join(", ")}, not '${name}'`);
  return {
    order: numberOf(flags, "order", 2),
    symmetry: symmetry as SymmetryName[],
    ...(typeof flags.terms === "number" && { most: flags.terms }),
    key: Key.fromSeed(numberOf(flags, "seed", 0)),
    signal: session.signal,
  };
}

async function explainRun(source: string, flags: Flags, session: Session): Promise<Explained> {
  for (const name of ["space", "shape", "delimiter", "decimal", "header", "columns"])
    if (flags[name] !== undefined) throw usageError(`--${name} is for data files; a run knows its own`);
  const options = optionsOf(flags, session);
  const { run, fitted } = await openFitted(source);
  const { record } = run;
  const context = textOf(flags, "context");
  const selected = await selectedSystem(flags);
  // At other contexts it is another distribution than that of one system.
  const system = context === undefined || selected ? systemOfModel(run, selected) : undefined;
  requireRoom(numberOf(flags, "samples", 20_000), rowBytes(record.space));
  if (context === undefined && record.context)
    throw usageError(
      `${source}: the model is conditional; give the values to explain it at, such as --context 0.44`,
    );
  const progress = session.progress(`explain ${record.family}`);
  const explanation = await explainModel(
    explicable(fitted, context === undefined ? undefined : (n) => contextsOf(context, record.context, n)),
    {
      ...options,
      samples: numberOf(flags, "samples", 20_000),
      onProgress: (fraction) => progress.timed(fraction),
    },
  ).finally(() => progress.end());
  await fitted.release();
  return {
    ...{ source, what: record.family, explanation },
    ...(system && { system: ofParameters(system), target: system }),
  };
}

async function explainFile(source: string, flags: Flags, session: Session): Promise<Explained> {
  for (const name of ["samples", "context"])
    if (flags[name] !== undefined)
      throw usageError(
        `--${name} is for models; ${source} is not a run folder, so it is read as a data file`,
      );
  const options = optionsOf(flags, session);
  const request = {
    ...{ space: textOf(flags, "space"), shape: textOf(flags, "shape"), text: textFlagsOf(flags) },
  };
  const selected = await selectedSystem(flags);
  const note = (line: string) => session.note(line);
  const dataset = await loadRequest({ path: source }, { ...request, given: selected?.given }, 0, note);
  const own = selected?.own && ownSystemOf(dataset, selected);
  const system = own ? ofParameters(own) : dataset.meta?.system;
  if (dataset.context)
    throw usageError(`${source}: each row has a context; explain takes rows of one distribution`);
  checkAugmentation(dataset, options.symmetry, "--symmetry");
  const progress = session.progress("explain");
  const explanation = await explainData(partRows(dataset, "all"), dataset.space, {
    ...options,
    onProgress: (fraction) => progress.timed(fraction),
  }).finally(() => progress.end());
  const rows = dataset.x.shape[0] as number;
  return {
    source,
    what: `${rows} rows`,
    explanation,
    ...(system && { system }),
    ...(own && { target: own }),
  };
}
