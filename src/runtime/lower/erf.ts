import type { GraphBuilder } from "../onnx.ts";

/** Numerator and denominator, highest power first. */
interface Rational {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

// W. J. Cody, Math. Comp. 23, 631 (1969), as his program in SPECFUN has them, rounded to doubles.
/** erf(x) / x in x², for |x| ≤ 0.46875. */
const near: Rational = {
  above: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  below: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};
/** exp(x²) erfc(x) in x, for 0.46875 ≤ x ≤ 4; beyond, where erfc < 2e−8, a relative 1e−8 is kept to x = 6. */
const far: Rational = {
  above: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  below: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
};

/**
 * The error function in double precision, which the engine lacks: x R(x²) near zero, and sign(x) (1 − e^−x² S(|x|))
 * elsewhere, where |x| is held below 6 since erf is 1 beyond.
 */
export function lowerErf64(graph: GraphBuilder, x: string): string {
  const number = (value: number) => graph.number(value, "f64");
  const multiply = (a: string, b: string) => graph.emit("Mul", [a, b]);
  const polynomial = (coefficients: readonly number[], at: string) => {
    const [first, ...rest] = coefficients as [number, ...number[]];
    const last = rest.length - 1;
    return rest.reduce(
      (sum, c, i) => {
        const next = graph.emit("Add", [sum, number(c)]);
        return i === last ? next : multiply(next, at);
      },
      first === 1 ? at : multiply(number(first), at),
    );
  };
  const rational = ({ above, below }: Rational, at: string) =>
    graph.emit("Div", [polynomial(above, at), polynomial(below, at)]);

  const size = graph.emit("Min", [graph.emit("Abs", [x]), number(6)]);
  const square = multiply(size, size);
  const inner = multiply(x, rational(near, square));
  const tail = multiply(graph.emit("Exp", [graph.emit("Neg", [square])]), rational(far, size));
  const outer = multiply(graph.emit("Sign", [x]), graph.emit("Sub", [number(1), tail]));
  return graph.emit("Where", [graph.emit("Less", [size, number(0.46875)]), inner, outer]);
}
