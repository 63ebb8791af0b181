import { basisNames, blockOf, likeliestStates } from "../../report/figures/basis-states.ts";
import { densityBars, densityMap } from "../../report/index.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import type { Figure, Panel } from "../study.ts";
import type { NamedState, TomographySubject } from "./subject.ts";

/**
 * Maximum number of qubits for drawing the whole matrix as bars, and number of rows of the block drawn for
 * larger ones.
 */
const mostQubits = 5;
const blockRows = 16;

/** The density matrix as bars in three dimensions and as a colour map, next to its target. */
export const matrix: Panel<TomographySubject> = {
  name: "matrix",
  applies: () => true,
  async look({ rho, target, tally, others }) {
    return { figures: [...bars(rho, target?.matrix, tally.qubits), ...maps(rho, target, others)] };
  },
};

function bars(rho: ComplexMatrix, target: ComplexMatrix | undefined, qubits: number): Figure[] {
  const isWhole = qubits <= mostQubits;
  const states = isWhole
    ? Array.from({ length: rho.n }, (_, i) => i)
    : likeliestStates(target ? [rho, target] : [rho], blockRows);
  const own = {
    matrix: blockOf(rho, states),
    ...(target && { target: blockOf(target, states) }),
    names: basisNames(rho.n, states),
  };
  const which = isWhole ? "" : ` Of ${rho.n} basis states the ${states.length} likeliest are shown.`;
  const outlines = target ? " Outlines are the target." : "";
  return (["real", "imaginary"] as const).map((part) => ({
    name: `density-${part}`,
    svg: densityBars({ ...own, part }),
    caption:
      `The ${part} part of the state of greatest likelihood. Rows are kets, columns bras; qubit 0 is the left-most bit.${outlines}${which} ` +
      `Both parts have the same scale.`,
  }));
}

const colours = "Blue is negative, white 0, red positive.";

function maps(
  rho: ComplexMatrix,
  target: TomographySubject["target"],
  others: TomographySubject["others"],
): Figure[] {
  const shown = [
    { name: "the estimate", matrix: rho },
    ...(target ? [{ name: "the target", matrix: target.matrix }] : []),
  ];
  const figure = (name: string, matrices: readonly NamedState[], caption: string): Figure => ({
    ...{ name, svg: densityMap({ groups: [{ matrices }] }) },
    caption: `${caption} ${colours}`,
  });
  return [
    figure(
      "density-map",
      shown,
      `The same matrix as a map of colours${target ? ", and the target in the same colours" : ""}.`,
    ),
    ...(target
      ? [
          figure(
            "density-difference",
            [{ name: "estimate − target", matrix: minus(rho, target.matrix) }],
            "The estimate minus the target; its scale is its own.",
          ),
        ]
      : []),
    ...(others.length > 0
      ? [figure("density-compared", others, "Other reconstructions of the same shots, as they are stored.")]
      : []),
  ];
}

function minus(a: ComplexMatrix, b: ComplexMatrix): ComplexMatrix {
  return { n: a.n, re: a.re.map((v, i) => v - b.re[i]!), im: a.im.map((v, i) => v - b.im[i]!) };
}
