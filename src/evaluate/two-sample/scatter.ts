/** Σ zᵢ zⱼ over rows of `[rows, width]`: `[width, width]`. */
export function scatter(z: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    for (let i = 0; i < width; i++) {
      const own = z[at + i]!;
      for (let j = 0; j <= i; j++) out[i * width + j] = out[i * width + j]! + own * z[at + j]!;
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) out[j * width + i] = out[i * width + j]!;
  return out;
}
