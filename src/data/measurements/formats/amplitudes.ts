import { inputError } from "../../../error.ts";
import { type NamedBytes, textRows } from "./raw.ts";

/** Complex numbers of a state: a vector of 2^N amplitudes, or a density matrix of 4^N elements, row-major. */
export interface ComplexArray {
  /** Number of qubits, N. */
  readonly qubits: number;
  /** Real parts; qubit 0 is the most significant digit of an index. */
  readonly re: Float64Array;
  /** Imaginary parts. */
  readonly im: Float64Array;
}

/** Largest allowed deviation of the norm of a file's state from 1: text has few digits. */
const normTolerance = 1e-4;

/**
 * The amplitudes of a state in QuCumber's text, a row `re im` for each of the 2^N basis states, site 0 the most significant bit; their
 * norm is made exact. Throws input errors for another number of rows and a norm off by more than 1e-4.
 */
export function readAmplitudes({ bytes, name }: NamedBytes): ComplexArray {
  const rows = numberRows(bytes, name);
  const qubits = Math.log2(rows.length);
  if (!Number.isInteger(qubits) || qubits < 1)
    throw inputError(`${name}: has ${rows.length} rows; a state of N qubits has 2^N amplitudes, one a row`);
  const wide = rows.findIndex((row) => row.length > 2);
  if (wide >= 0)
    throw inputError(`${name}: row ${wide} has ${rows[wide]!.length} numbers; an amplitude is re and im`);
  const [re, im] = [0, 1].map((part) => Float64Array.from(rows, (row) => row[part] ?? 0)) as [
    Float64Array,
    Float64Array,
  ];
  const norm = Math.sqrt(re.reduce((sum, a, i) => sum + a * a + im[i]! ** 2, 0));
  if (!(Math.abs(norm - 1) <= normTolerance))
    throw inputError(`${name}: its amplitudes have the norm ${norm}; that of a state is 1`);
  return { qubits, re: re.map((a) => a / norm), im: im.map((a) => a / norm) };
}

/**
 * A density matrix from two files of text, its real and its imaginary part, 2^N rows of 2^N numbers. Throws input errors for other
 * shapes, a trace other than 1, and a matrix that is not Hermitian.
 */
export function readDensity(real: NamedBytes, imaginary: NamedBytes): ComplexArray {
  const [re, im] = [real, imaginary].map(({ bytes, name }) => numberRows(bytes, name)) as [
    number[][],
    number[][],
  ];
  const dimension = re.length;
  const qubits = Math.log2(dimension);
  if (!Number.isInteger(qubits) || qubits < 1 || re.some((row) => row.length !== dimension))
    throw inputError(
      `${real.name}: has ${dimension} rows; a density matrix of N qubits has 2^N of 2^N numbers`,
    );
  if (im.length !== dimension || im.some((row) => row.length !== dimension))
    throw inputError(`${imaginary.name}: is not of the shape of ${real.name}`);
  const at = (rows: number[][], i: number, j: number) => rows[i]![j]!;
  let trace = 0;
  for (let i = 0; i < dimension; i++) {
    trace += at(re, i, i);
    for (let j = 0; j <= i; j++)
      if (
        Math.abs(at(re, i, j) - at(re, j, i)) > normTolerance ||
        Math.abs(at(im, i, j) + at(im, j, i)) > normTolerance
      )
        throw inputError(
          `${real.name}: elements (${i}, ${j}) and (${j}, ${i}) are no conjugates of each other`,
        );
  }
  if (!(Math.abs(trace - 1) <= normTolerance))
    throw inputError(`${real.name}: has the trace ${trace}; that of a density matrix is 1`);
  return { qubits, re: Float64Array.from(re.flat()), im: Float64Array.from(im.flat()) };
}

/** The numbers of each row of a text; a single number in the first row is a size, and is dropped. */
function numberRows(bytes: Uint8Array, name: string): number[][] {
  const rows: number[][] = [];
  for (const { words, line } of textRows(bytes))
    rows.push(
      words.map((word, column) => {
        const value = Number(word);
        if (Number.isFinite(value)) return value;
        throw inputError(`${name}: line ${line}, column ${column} is ${JSON.stringify(word)}, not a number`);
      }),
    );
  if (rows[0]?.length === 1 && (rows[1]?.length ?? 0) > 1) rows.shift();
  return rows;
}
