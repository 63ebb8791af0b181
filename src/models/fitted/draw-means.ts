/** Averages of draws of a bound for each row, nats. */
export interface RowBounds {
  /** The bound of each row: log of the mean weight of its draws, or their mean. */
  readonly bound: Float64Array;
  /** The standard error of `bound` by the draws alone; NaN of one draw. */
  readonly noise: Float64Array;
  /** The mean of the draws, a bound too: the evidence lower bound where draws are weights. */
  readonly mean: Float64Array;
}

/** Adds up draws of some rows, one after the other, without keeping them. */
export class DrawMeans {
  #count = 0;
  /** The largest draw of each row, and sums of exp(draw − largest) and of its square. */
  readonly #most: Float64Array;
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  /** The mean of the draws and the sum of squared distances from it (Welford, Technometrics 4 (1962) 419). */
  readonly #mean: Float64Array;
  readonly #spread: Float64Array;

  constructor(rows: number) {
    this.#most = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.#sum = new Float64Array(rows);
    this.#squares = new Float64Array(rows);
    this.#mean = new Float64Array(rows);
    this.#spread = new Float64Array(rows);
  }

  /** One draw of each row. */
  add(draws: Float32Array): void {
    const n = ++this.#count;
    const [most, sum, squares, means, spread] = [
      this.#most,
      this.#sum,
      this.#squares,
      this.#mean,
      this.#spread,
    ];
    for (let row = 0; row < draws.length; row++) {
      const draw = draws[row] as number;
      const before = means[row] as number;
      const away = draw - before;
      means[row] = before + away / n;
      spread[row] = (spread[row] as number) + away * (draw - (means[row] as number));
      if (draw > (most[row] as number)) {
        const scale = Math.exp((most[row] as number) - draw);
        sum[row] = (sum[row] as number) * scale + 1;
        squares[row] = (squares[row] as number) * scale * scale + 1;
        most[row] = draw;
      } else {
        const weight = Math.exp(draw - (most[row] as number));
        sum[row] = (sum[row] as number) + weight;
        squares[row] = (squares[row] as number) + weight * weight;
      }
    }
  }

  /**
   * Returns the averages of the draws so far, taken as logarithms of weights (`weighted`) or as bounds
   * themselves.
   */
  result(weighted: boolean): RowBounds {
    const n = this.#count;
    const mean = this.#mean.slice();
    if (!weighted) return { bound: mean, mean, noise: this.#spread.map((s) => Math.sqrt(s / (n * (n - 1)))) };
    const bound = this.#most.map((most, row) =>
      most === Number.NEGATIVE_INFINITY ? most : most + Math.log((this.#sum[row] as number) / n),
    );
    // By the delta method: the variance of the mean weight over its square.
    const noise = this.#sum.map((sum, row) => {
      const spread = Math.max(0, (n * (this.#squares[row] as number)) / (sum * sum) - 1);
      return Math.sqrt(spread / (n - 1));
    });
    return { bound, mean, noise };
  }
}
