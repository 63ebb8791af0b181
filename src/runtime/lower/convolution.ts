import type { Table } from "./rule.ts";

/** Convolutions. */
export const convolutionRules: Table = new Map([]);
