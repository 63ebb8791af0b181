import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { spaceText } from "../data/table.ts";
import { writeFileAtomic } from "../files/index.ts";
import { type Facts, type PageContent, page } from "../report/index.ts";
import { count, duration } from "../report/page.ts";
import { svgToPng } from "../report/png.node.ts";
import { runFile } from "./layout.ts";
import type { RunRecord } from "./record.ts";
import type { Run } from "./run.ts";

/** Returns the facts of a run's record for its page, by title: model, training, data, and the run itself. */
export function recordFacts(record: RunRecord, data: Facts): Readonly<Record<string, Facts>> {
  const { seed: _, ...options } = record.training;
  const { result } = record;
  const end =
    record.task === "solve"
      ? { ...(record.result && { "steps taken": record.result.step }) }
      : withoutSeconds(record.result ?? {});
  return {
    Model: {
      family: record.family,
      space: spaceText(record.space),
      parameters: count(record.parameters),
      ...record.hyperparameters,
    },
    Training: { ...options, ...end },
    Data: data,
    Run: {
      seed: record.seed,
      time: duration(result?.seconds ?? Number.NaN),
      ...{ ansatz: record.ansatz, engine: record.engine, node: record.node, processor: record.processor },
    },
  };
}

function withoutSeconds({ seconds: _, ...rest }: Facts): Facts {
  return rest;
}

/** Writes a study as a run's page, with its figures as SVG and PNG; returns the paths of what it wrote, the page first. */
export async function writeStudy({ folder, record }: Run, study: PageContent): Promise<string[]> {
  const html = page(study, { command: record.command });
  const figures = runFile(folder, "figures");
  await mkdir(figures, { recursive: true });
  const written = [runFile(folder, "report")];
  for (const { name, svg } of study.figures)
    for (const [extension, content] of [["svg", svg] as const, ["png", svgToPng(svg)] as const]) {
      const path = join(figures, `${name}.${extension}`);
      await writeFileAtomic(path, content, { force: true });
      written.push(path);
    }
  await writeFileAtomic(runFile(folder, "report"), html, { force: true });
  return written;
}
