import type { Run, SolveRecord } from "../../runs/index.ts";

/** What the document of a solved run says before its numbers. */
export function solveHead({ folder, record }: Run<SolveRecord>): Record<string, unknown> {
  const { family, parameters, target } = record;
  return { run: folder, family, parameters, system: target };
}

/** What the document of a solved run says after its numbers. */
export function solveTail({ record: { result } }: Run<SolveRecord>): Record<string, unknown> {
  return { steps: result?.step, seconds: result?.seconds };
}
