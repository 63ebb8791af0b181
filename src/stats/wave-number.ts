/** The whole number of waves, of either sign, at a place of a Fourier transform of `n` numbers: 0, 1, …, −2, −1. */
export const waveNumber = (place: number, n: number): number => (place <= n / 2 ? place : place - n);
