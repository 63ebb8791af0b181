import { scanOperation } from "../ops/scan.ts";
import type { Operation } from "../tensor.ts";
import { arithmeticDerivatives } from "./arithmetic.ts";
import { compareDerivatives } from "./compare.ts";
import { elementwiseDerivatives } from "./elementwise.ts";
import { layoutDerivatives } from "./layout.ts";
import { reduceDerivatives } from "./reduce.ts";
import { type DerivativeRule, rule } from "./rule.ts";
import { scanDerivative } from "./scan.ts";

/**
 * Derivatives of operations that need each other's: those of sums are broadcasts, and those of broadcasts
 * sums. They are kept apart from the operations, so that no file has to be read before itself. Other
 * operations have theirs in `derivative`.
 */
export const derivatives: ReadonlyMap<Operation, DerivativeRule<unknown>> = new Map([
  ...arithmeticDerivatives,
  ...compareDerivatives,
  ...elementwiseDerivatives,
  ...layoutDerivatives,
  ...reduceDerivatives,
  rule(scanOperation, scanDerivative),
]);
