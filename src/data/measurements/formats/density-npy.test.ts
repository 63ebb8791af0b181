import { describe, expect, test } from "vitest";
import { ndarray } from "../../../array.ts";
import { writeNpy } from "../../formats/npy.ts";
import { writeComplexNpy } from "../../formats/npy-complex.ts";
import { joinMeasurements } from "../join.ts";
import { makeMeasurements } from "../make.ts";
import { readDensityNpy } from "./density-npy.ts";

const rho = { n: 2, re: Float64Array.of(0.7, 0.1, 0.1, 0.3), im: Float64Array.of(0, -0.2, 0.2, 0) };
const read = (bytes: Uint8Array) => readDensityNpy({ name: "rho.npy", bytes });

describe("density matrices in .npy", () => {
  test("are read as they were written, also real ones and those of Fortran", () => {
    expect(read(writeComplexNpy(rho))).toEqual({ qubits: 1, re: rho.re, im: rho.im });
    expect([...read(writeNpy(ndarray("f64", [2, 2], Float64Array.of(0.5, 0.5, 0.5, 0.5)))).im]).toEqual([
      0, 0, 0, 0,
    ]);
    const fortran = writeComplexNpy(rho);
    const at = new TextDecoder("latin1").decode(fortran).indexOf("False");
    fortran.set(new TextEncoder().encode("True "), at);
    // Columns first: the transpose, which is the complex conjugate.
    expect([...read(fortran).im]).toEqual([0, 0.2, -0.2, 0]);
  });

  test.each([
    ["not Hermitian", { ...rho, im: Float64Array.of(0, 0.2, 0.2, 0) }, "are no conjugates"],
    ["of another trace", { ...rho, re: Float64Array.of(0.7, 0.1, 0.1, 0.4) }, "the trace 1.1"],
    ["of no qubits", { n: 3, re: new Float64Array(9), im: new Float64Array(9) }, "2^N rows and columns"],
    ["not numbers", { ...rho, re: Float64Array.of(Number.NaN, 0.1, 0.1, 0.3) }, "no conjugates"],
  ])("%s are refused by name", (_, matrix, message) => {
    expect(() => read(writeComplexNpy(matrix))).toThrow(`rho.npy: `);
    expect(() => read(writeComplexNpy(matrix))).toThrow(message);
  });

  test("cut short and of whole numbers are refused", () => {
    expect(() => read(writeComplexNpy(rho).subarray(0, 150))).toThrow("truncated");
    expect(() => read(writeNpy(ndarray("i32", [2, 2])))).toThrow("complex128");
  });
});

describe("shots of several files", () => {
  const one = makeMeasurements({ qubits: 2, bits: [0, 1, 1, 1], settings: ["XX", "ZY"] }, "one");
  test("are joined in their order, with equal settings as one", () => {
    const two = makeMeasurements({ qubits: 2, bits: [1, 0], settings: ["ZY"] }, "two");
    const both = joinMeasurements([one, two]);
    expect(both.name).toBe("one + two");
    expect([...both.bits]).toEqual([0, 1, 1, 1, 1, 0]);
    expect([...both.setting]).toEqual([0, 1, 1]);
    expect(both.settings.map(({ name }) => name)).toEqual(["XX", "ZY"]);
    expect(joinMeasurements([one])).toBe(one);
  });

  test("of other qubits or another readout are refused", () => {
    const other = makeMeasurements({ qubits: 1, bits: [0], settings: ["X"] }, "other");
    expect(() => joinMeasurements([one, other])).toThrow(
      "other: the number of qubits is 1; that of one is 2",
    );
    const read = { ...one, confusion: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1), name: "read" };
    expect(() => joinMeasurements([one, read])).toThrow("another readout confusion");
  });
});
