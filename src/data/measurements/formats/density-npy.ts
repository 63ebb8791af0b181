import { inputError } from "../../../error.ts";
import { readHeader } from "../../formats/npy-header.ts";
import type { ComplexArray } from "./amplitudes.ts";
import type { NamedBytes } from "./raw.ts";

/** Maximum number of qubits of a matrix that is read: 64 KiB of numbers. */
const mostQubits = 8;
/**
 * Largest allowed deviation of a matrix from Hermitian and from trace 1: other programs keep single
 * precision.
 */
const tolerance = 1e-4;

/**
 * A density matrix from a `.npy` of `[2^N, 2^N]` complex or real numbers, rows and columns in the order of the file. It may be
 * unphysical: eigenvalues are not looked at. Throws input errors for other shapes, up to 8 qubits, matrices that are not Hermitian, and
 * a trace other than 1.
 */
export function readDensityNpy({ bytes, name }: NamedBytes): ComplexArray {
  const { code, descr, bigEndian, fortran, shape, end } = readHeader(bytes, name, "complex");
  const width = { c16: 8, c8: 4, f8: 8, f4: 4 }[code];
  if (width === undefined)
    throw inputError(
      `${name}: holds "${descr}"; a density matrix is complex128 (numpy.save of a square array)`,
    );
  const [n = 0, columns] = shape;
  const qubits = Math.log2(n);
  if (shape.length !== 2 || columns !== n || !Number.isInteger(qubits) || qubits < 1 || qubits > mostQubits)
    throw inputError(
      `${name}: has the shape [${shape}]; a density matrix of N qubits, 1 to ${mostQubits}, has 2^N rows and columns`,
    );
  const isComplex = code.startsWith("c");
  if (bytes.length < end + n * n * width * (isComplex ? 2 : 1)) throw inputError(`${name}: is truncated`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (at: number) =>
    width === 8 ? view.getFloat64(end + 8 * at, !bigEndian) : view.getFloat32(end + 4 * at, !bigEndian);
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const from = fortran ? j * n + i : i * n + j;
      re[i * n + j] = read(isComplex ? 2 * from : from);
      im[i * n + j] = isComplex ? read(2 * from + 1) : 0;
    }
  return hermitian({ qubits, re, im }, n, name);
}

/** The matrix with what rounding left of its Hermitian symmetry removed; throws unless it was close to it and to the trace 1. */
function hermitian({ qubits, re, im }: ComplexArray, n: number, name: string): ComplexArray {
  let trace = 0;
  const out = { qubits, re: re.slice(), im: im.slice() };
  for (let i = 0; i < n; i++) {
    trace += re[i * n + i]!;
    for (let j = 0; j <= i; j++) {
      const [a, b] = [i * n + j, j * n + i];
      if (!(Math.abs(re[a]! - re[b]!) <= tolerance && Math.abs(im[a]! + im[b]!) <= tolerance))
        throw inputError(`${name}: elements (${i}, ${j}) and (${j}, ${i}) are no conjugates of each other`);
      out.re[a] = out.re[b] = (re[a]! + re[b]!) / 2;
      out.im[a] = i === j ? 0 : (im[a]! - im[b]!) / 2;
      // Not −0 where an entry is real.
      out.im[b] = 0 - out.im[a]!;
    }
  }
  if (!(Math.abs(trace - 1) <= tolerance))
    throw inputError(`${name}: has the trace ${trace}; that of a density matrix is 1`);
  return out;
}
