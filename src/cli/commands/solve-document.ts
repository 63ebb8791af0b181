import type { Run, SolveRecord } from "../../runs/index.ts";
import type { Study } from "../../study/index.ts";

/** The document of a solved run: what it is, what its study says, and how it went. */
export function solveDocument(
  { folder, record }: Run<SolveRecord>,
  { document }: Study,
): Record<string, unknown> {
  const { family, parameters, target, result } = record;
  return {
    ...{ run: folder, family, parameters, system: target },
    ...document,
    ...{ steps: result?.step, seconds: result?.seconds },
  };
}
