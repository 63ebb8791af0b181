import type { Run, SolveRecord } from "../../runs/index.ts";

/** The document of a solved run: what it is, what was `found` of it, and how it went. */
export function solveDocument(
  { folder, record }: Run<SolveRecord>,
  found: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { family, parameters, target, result } = record;
  return {
    ...{ run: folder, family, parameters, system: target },
    ...found,
    ...{ steps: result?.step, seconds: result?.seconds },
  };
}
