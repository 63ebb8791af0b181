/** Points and weights of a quadrature rule: ∫f ≈ Σ w_k f(x_k). */
export interface Quadrature {
  /** The points x_k at which the function is taken. */
  readonly points: Float64Array;
  /** The weight w_k of each point. */
  readonly weights: Float64Array;
}

/**
 * Gauss–Legendre quadrature with `n` points on [low, high], exact for polynomials of degree 2n − 1; points increase.
 *
 * Roots of the Legendre polynomial P_n by Newton's method from cos(π(k − ¼)/(n + ½)), weights 2/((1 − x²) P_n′(x)²).
 * Source: Press et al., "Numerical Recipes" (2007), section 4.6.1.
 */
export function gaussLegendre(n: number, low = -1, high = 1): Quadrature {
  const points = new Float64Array(n);
  const weights = new Float64Array(n);
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  for (let k = 0; k < Math.ceil(n / 2); k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    // Newton's method doubles the digits in each step: five from a start that has two of them.
    for (let step = 0; step < 6; step++) {
      const [value, before] = legendre(n, x);
      slope = (n * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    const weight = (2 * half) / ((1 - x * x) * slope * slope);
    points[k] = middle - half * x;
    points[n - 1 - k] = middle + half * x;
    weights[k] = weights[n - 1 - k] = weight;
  }
  return { points, weights };
}

/** P_n(x) and P_{n−1}(x) by Bonnet's recursion. */
function legendre(n: number, x: number): [number, number] {
  let [before, value] = [0, 1];
  for (let j = 0; j < n; j++) [before, value] = [value, ((2 * j + 1) * x * value - j * before) / (j + 1)];
  return [value, before];
}
