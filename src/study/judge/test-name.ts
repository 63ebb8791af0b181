import type { TestResult } from "../../evaluate/index.ts";
import { labelOf } from "../labels.ts";

/**
 * Returns the name of a tested quantity in tables and figures: `|m|`, or the heading of a column if the data
 * have headings.
 */
export function testedName(on: string, columns?: readonly string[]): string {
  const [, index] = /^column (\d+)$/.exec(on) ?? [];
  return (index === undefined ? undefined : columns?.[Number(index)]) ?? labelOf(on);
}

/** The name of a test in tables and figures: `Kolmogorov–Smirnov, |m|`. */
export function testName({ test, on }: Pick<TestResult, "test" | "on">, columns?: readonly string[]): string {
  return `${test}, ${testedName(on, columns)}`;
}
