import { arrayFrom } from "../../../../array.ts";
import { matmul, stopGradient, transpose } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import { eigenvectors } from "./eigenvectors.ts";
import { logVariances, type ModeParameters, type Modes } from "./modes.ts";

/** Modes whose axes are found in the data: `axes [sites, modes]`, one a column. */
type ComponentParameters = ModeParameters & { readonly axes: ReturnType<typeof identityAxes> };

/** Principal components of a table: the eigenvectors of its covariance. */
export function componentModes(sites: number): Modes {
  const axesOf = (p: Symbolic<ModeParameters>) =>
    stopGradient((p as unknown as Symbolic<ComponentParameters>).axes);
  return {
    count: sites * sites + sites,
    init: () => ({
      logVariance: arrayFrom("f32", [sites], new Float32Array(sites)),
      axes: identityAxes(sites),
    }),
    adapt(_, x) {
      const covariance = matmul(transpose(x), x);
      const axes = eigenvectors(covariance);
      return { logVariance: logVariances(matmul(x, axes)), axes } as unknown as Symbolic<ModeParameters>;
    },
    to: (p, x) => matmul(x, axesOf(p)),
    from: (p, amplitudes) => matmul(amplitudes, transpose(axesOf(p))),
  };
}

const identityAxes = (n: number) =>
  arrayFrom(
    "f32",
    [n, n],
    Float32Array.from({ length: n * n }, (_, i) => Number(Math.floor(i / n) === i % n)),
  );
