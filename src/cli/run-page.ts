import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "../data/space.ts";
import { writeFileAtomic } from "../files/index.ts";
import { type Report, reportPage } from "../report/index.ts";
import { svgToPng } from "../report/png.node.ts";
import { type Run, runFile } from "../runs/index.ts";

/** What a page says beside what every run's record tells. */
export interface PageContent
  extends Pick<Report, "title" | "summary" | "numbers" | "numbersNote" | "training" | "data"> {
  /** The caption of a figure by its name. */
  captionOf(name: string): string;
}

/** Writes a run's page and its figures, by name, as SVG and PNG; returns the paths of what it wrote, the page first. */
export async function writePage(
  run: Run,
  figures: Readonly<Record<string, string>>,
  { captionOf, ...content }: PageContent,
): Promise<string[]> {
  const { record } = run;
  const page = reportPage({
    ...content,
    figures: Object.entries(figures).map(([name, svg]) => ({ name, svg, caption: captionOf(name) })),
    model: {
      family: record.family,
      hyperparameters: record.hyperparameters,
      space: describe(record.space),
      parameters: record.parameters,
    },
    versions: {
      ansatz: record.ansatz,
      engine: record.engine,
      node: record.node,
      processor: record.processor,
    },
    seed: record.seed,
    seconds: record.result?.seconds ?? Number.NaN,
    command: record.command,
  });
  const folder = runFile(run.folder, "figures");
  await mkdir(folder, { recursive: true });
  const written = [runFile(run.folder, "report")];
  for (const [name, svg] of Object.entries(figures)) {
    for (const [extension, content] of [["svg", svg] as const, ["png", svgToPng(svg)] as const]) {
      const path = join(folder, `${name}.${extension}`);
      await writeFileAtomic(path, content, { force: true });
      written.push(path);
    }
  }
  await writeFileAtomic(runFile(run.folder, "report"), page, { force: true });
  return written;
}
