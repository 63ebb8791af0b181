import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";

/** The bytes of a `.npy` file (version 1, C order, little-endian, complex128) holding a matrix `[n, n]`. */
export function writeComplexNpy({ n, re, im }: ComplexMatrix): Uint8Array {
  const fields = `{'descr': '<c16', 'fortran_order': False, 'shape': (${n}, ${n}), }`;
  // The elements start at a multiple of 64 bytes, as NumPy writes them.
  const header = `${fields.padEnd(Math.ceil((10 + fields.length + 1) / 64) * 64 - 11)}\n`;
  const start = 10 + header.length;
  const bytes = new Uint8Array(start + 16 * n * n);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < n * n; i++) {
    view.setFloat64(start + 16 * i, re[i]!, true);
    view.setFloat64(start + 16 * i + 8, im[i]!, true);
  }
  return bytes;
}
