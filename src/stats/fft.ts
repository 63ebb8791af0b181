/** A transform in place of the real and imaginary parts of a sequence, or of an array row by row. */
export type FourierTransform = (re: Float64Array, im: Float64Array) => void;

/**
 * The discrete Fourier transform in place, X_k = Σ_j x_j exp(−2πi jk/n), of a complex sequence of any length n ≥ 1. For many
 * sequences of one length make a {@link fourierTransform} once.
 */
export function fft(re: Float64Array, im: Float64Array): void {
  fourierTransform(re.length)(re, im);
}

/**
 * The discrete Fourier transform of sequences of n numbers, in place, with its tables made once: radix 2 where n is a power of
 * 2, else Bluestein's convolution, which takes about six times as long. Calls may not overlap.
 *
 * Source: Bluestein, IEEE Trans. Audio Electroacoust. 18 (1970) 451.
 */
export function fourierTransform(n: number): FourierTransform {
  return n > 0 && (n & (n - 1)) === 0 ? radix2(n) : bluestein(n);
}

/**
 * The transform in place of arrays [rows, columns], row by row in memory, over both axes:
 * X_kl = Σ_ij x_ij exp(−2πi (ik/rows + jl/columns)). Any sizes. Calls may not overlap.
 */
export function fourierTransform2([rows, columns]: readonly [number, number]): FourierTransform {
  const along = fourierTransform(columns);
  const across = interleaved(rows, columns);
  return (re, im) => {
    for (let at = 0; at < rows * columns; at += columns)
      along(re.subarray(at, at + columns), im.subarray(at, at + columns));
    across(re, im);
  };
}

/** The inverse in place of a transform of `size` numbers: x_j = (1/size) Σ_k X_k exp(+2πi jk/size). */
export function inverseTransform(forward: FourierTransform, size: number): FourierTransform {
  return (re, im) => {
    // Real and imaginary parts swapped are the conjugate but for a factor i, which the swap back takes away.
    forward(im, re);
    for (let i = 0; i < size; i++) {
      re[i] = re[i]! / size;
      im[i] = im[i]! / size;
    }
  };
}

/** Cosines and minus sines of 2πk/n, for half a turn. */
function turns(n: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const cos = new Float64Array(n / 2);
  const sin = new Float64Array(n / 2);
  for (let k = 0; k < n / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = -Math.sin((2 * Math.PI * k) / n);
  }
  return { cos, sin };
}

/** The place of each number after its bits are reversed. */
function reversed(n: number): Uint32Array {
  const places = new Uint32Array(n);
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    places[i] = j;
  }
  return places;
}

/** Decimation in time. */
function radix2(n: number): FourierTransform {
  const { cos, sin } = turns(n);
  const places = reversed(n);
  return (re, im) => {
    for (let i = 1; i < n; i++) {
      const j = places[i]!;
      if (i >= j) continue;
      const [x, y] = [re[i]!, im[i]!];
      re[i] = re[j]!;
      im[i] = im[j]!;
      re[j] = x;
      im[j] = y;
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const a = start + k;
          const b = a + half;
          const c = cos[k * stride]!;
          const s = sin[k * stride]!;
          const x = re[b]! * c - im[b]! * s;
          const y = re[b]! * s + im[b]! * c;
          re[b] = re[a]! - x;
          im[b] = im[a]! - y;
          re[a] = re[a]! + x;
          im[a] = im[a]! + y;
        }
    }
  };
}

/**
 * Transforms the columns of arrays [n, count]; if n is a power of 2 all at once, so that memory is read in
 * order.
 */
function interleaved(n: number, count: number): FourierTransform {
  if (n < 1 || (n & (n - 1)) !== 0) return columnByColumn(n, count);
  const { cos, sin } = turns(n);
  const places = reversed(n);
  return (re, im) => {
    for (let i = 1; i < n; i++) {
      const j = places[i]!;
      if (i >= j) continue;
      for (let c = 0; c < count; c++) {
        const [at, to] = [i * count + c, j * count + c];
        const [x, y] = [re[at]!, im[at]!];
        re[at] = re[to]!;
        im[at] = im[to]!;
        re[to] = x;
        im[to] = y;
      }
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const c = cos[k * stride]!;
          const s = sin[k * stride]!;
          const end = (start + k + 1) * count;
          for (let a = end - count, b = a + half * count; a < end; a++, b++) {
            const x = re[b]! * c - im[b]! * s;
            const y = re[b]! * s + im[b]! * c;
            re[b] = re[a]! - x;
            im[b] = im[a]! - y;
            re[a] = re[a]! + x;
            im[a] = im[a]! + y;
          }
        }
    }
  };
}

function columnByColumn(n: number, count: number): FourierTransform {
  const transform = fourierTransform(n);
  const [re1, im1] = [new Float64Array(n), new Float64Array(n)];
  return (re, im) => {
    for (let c = 0; c < count; c++) {
      for (let i = 0; i < n; i++) {
        re1[i] = re[i * count + c]!;
        im1[i] = im[i * count + c]!;
      }
      transform(re1, im1);
      for (let i = 0; i < n; i++) {
        re[i * count + c] = re1[i]!;
        im[i * count + c] = im1[i]!;
      }
    }
  };
}

/** As jk = (j² + k² − (j − k)²)/2, the sum is a convolution with a chirp, which transforms of a power of 2 do. */
function bluestein(n: number): FourierTransform {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, 2 * n - 1)));
  const forward = radix2(size);
  const backward = inverseTransform(forward, size);
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  const chirpRe = new Float64Array(size);
  const chirpIm = new Float64Array(size);
  for (let j = 0; j < n; j++) {
    // j² modulo 2n, since the angle of large j² would lose digits.
    const angle = (Math.PI * ((j * j) % (2 * n))) / n;
    cos[j] = Math.cos(angle);
    sin[j] = Math.sin(angle);
    chirpRe[j] = cos[j]!;
    chirpIm[j] = sin[j]!;
    chirpRe[(size - j) % size] = cos[j]!;
    chirpIm[(size - j) % size] = sin[j]!;
  }
  forward(chirpRe, chirpIm);
  const [a, b] = [new Float64Array(size), new Float64Array(size)];
  return (re, im) => {
    a.fill(0);
    b.fill(0);
    for (let j = 0; j < n; j++) {
      a[j] = re[j]! * cos[j]! + im[j]! * sin[j]!;
      b[j] = im[j]! * cos[j]! - re[j]! * sin[j]!;
    }
    forward(a, b);
    for (let k = 0; k < size; k++) {
      const x = a[k]! * chirpRe[k]! - b[k]! * chirpIm[k]!;
      b[k] = a[k]! * chirpIm[k]! + b[k]! * chirpRe[k]!;
      a[k] = x;
    }
    backward(a, b);
    for (let k = 0; k < n; k++) {
      re[k] = a[k]! * cos[k]! + b[k]! * sin[k]!;
      im[k] = b[k]! * cos[k]! - a[k]! * sin[k]!;
    }
  };
}
