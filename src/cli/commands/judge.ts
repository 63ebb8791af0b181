import { rowBytes } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { judge as judge_ } from "../../evaluate/index.ts";
import { checkWritable, writeFileAtomic } from "../../files/index.ts";
import { page, textColumns } from "../../report/index.ts";
import { oneSystem } from "../../systems/index.ts";
import { addDataOptions, dataFromFlags } from "../options/data-options.ts";
import { numberOf, requireRoom, textOf, wholeFlag } from "../options/flags.ts";
import { withReadingBar } from "../terminal/reading.ts";
import type { CommandSpec } from "./command.ts";
import { candidateRows, openCandidates, realRows } from "./judge-sets.ts";

/** Default maximum number of tested rows of each set. */
const mostRows = 2000;

/** Most permutations: p-values down to 10⁻⁴. More would take minutes in which nothing can be interrupted. */
const mostPermutations = 9999;

/** `ansatz judge`. */
export const judge: CommandSpec = {
  define(command) {
    command
      .description(
        "Test whether rows could be real ones: two-sample tests of files, models and baselines against real rows, with real rows " +
          "against real rows next to them. Prints a table of tests with p-values and errors; --out also writes a page with figures.",
      )
      .argument("<data>", "file with real rows: .npy, .npz, .csv, .data, .txt")
      .argument(
        "<candidates...>",
        "files with rows to test, run folders, or baseline:independent, baseline:gaussian, baseline:copula",
      )
      .option(
        "-n, --samples <n>",
        "rows to draw from runs and baselines (default: as many as are tested against)",
        wholeFlag("--samples", 16),
      )
      .option(
        "--rows-at-most <n>",
        `rows of each set to test (default: ${mostRows})`,
        wholeFlag("--rows-at-most", 16),
      )
      .option(
        "--permutations <n>",
        `permutations of a permutation test, up to ${mostPermutations} (default: 399)`,
        wholeFlag("--permutations", 19, mostPermutations),
      )
      .option("--no-network", "do not train a convolutional network to tell maps apart")
      .option("--out <file.html>", "page to write");
    addDataOptions(command);
  },
  examples: [
    "judge measured.npy drawn.npy",
    "judge sky-test.npz runs/glow runs/spline baseline:gaussian baseline:copula --out sky.html",
    "judge ising.npz runs/made --json",
  ],
  async run([data = "", rest], flags, session) {
    const out = textOf(flags, "out");
    const force = flags.force === true;
    if (out !== undefined) {
      if (!out.endsWith(".html")) throw usageError(`--out names a page, such as judge.html, not ${out}`);
      await checkWritable(out, { force });
    }
    const request = dataFromFlags(flags, data);
    for (const name of ["train", "valid", "test"] as const)
      if (request[name] !== undefined)
        throw usageError(`--${name} is not for judge: name the file with real rows first`);
    const seed = numberOf(flags, "seed", 0);
    const most = numberOf(flags, "rowsAtMost", mostRows);
    const note = (line: string) => session.note(line.startsWith("note:") ? line : `note: ${line}`);
    const sources = await openCandidates(rest as unknown as string[]);
    const found = await withReadingBar(session, (onProgress) =>
      realRows(request, { path: data }, sources, seed, note, onProgress),
    );
    const { dataset, real, train } = found;
    const samples = numberOf(flags, "samples", Math.min(most, real.x.shape[0] as number));
    requireRoom(samples * sources.length, rowBytes(dataset.space));
    const candidates = [];
    for (const [i, source] of sources.entries())
      candidates.push(await candidateRows(source, i, { found, samples, seed, request, session, note }));
    const progress = session.progress("judge");
    const system = dataset.meta?.system && oneSystem(dataset.meta.system);
    const judgement = await judge_(
      { space: dataset.space, encoding: dataset.encoding, real, train, candidates, system },
      {
        ...{ seed, rows: most, network: flags.network !== false, signal: session.signal },
        permutations: numberOf(flags, "permutations", 399),
        onProgress: (done, total) => progress.count(done, total),
      },
    ).finally(() => progress.end());
    for (const line of judgement.notes) note(line);
    // Loaded when needed: the libraries that draw take longer than a table.
    const [{ studyJudge }, { verdictLines }] = await Promise.all([
      import("../../study/judge/study-judge.ts"),
      import("../../study/judge/judge-table.ts"),
    ]);
    const { columns } = dataset;
    const study = studyJudge({ judgement, space: dataset.space, real, train, candidates, columns });
    if (out !== undefined) await writeFileAtomic(out, page(study, { command: session.command }), { force });
    const text = `${textColumns(study.table ?? [])}\n\n${verdictLines(judgement, columns).join("\n")}`;
    return {
      document: { ...(out !== undefined && { out }), ...study.document },
      text: out === undefined ? text : `${text}\n\n${out}`,
    };
  },
};
