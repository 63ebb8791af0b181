/**
 * Returns the factor for the square of an error if the averaged values are skewed: 1 + (2 + 2γ²)/m for the
 * mean of `m` independent values of skewness γ, the mean square of Student's t to order 1/m. Without it a
 * mean that is too small has an error that is too small as well. `influence` has mean 0; `m` is their number
 * unless given, fewer if they are correlated.
 *
 * Source: Hall, "The Bootstrap and Edgeworth Expansion" (1992), section 2.6.
 */
export function skewedVariance(influence: Float64Array, m = influence.length): number {
  let [squares, cubes] = [0, 0];
  for (const x of influence) {
    squares += x * x;
    cubes += x ** 3;
  }
  // Squares may be so small that their products are 0.
  const skewness = squares > 0 ? (cubes * Math.sqrt(influence.length)) / squares ** 1.5 : 0;
  return 1 + (2 + 2 * (Number.isFinite(skewness) ? skewness ** 2 : 0)) / m;
}
