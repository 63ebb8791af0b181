import { readFileSync } from "node:fs";
import { type Tally, tallyOf, withCounts } from "ansatz/tomography";

const axisOf: Readonly<Record<string, readonly number[]>> = { X: [1, 0, 0], Y: [0, 1, 0], Z: [0, 0, 1] };

/** Shots of letters and bits, one setting for each word of letters. */
function tallyOfShots(words: readonly string[], bits: Uint8Array, name: string): Tally {
  const names = [...new Set(words)];
  const places = new Map(names.map((word, i) => [word, i]));
  return tallyOf({
    qubits: words[0]!.length,
    bits,
    setting: Uint32Array.from(words, (word) => places.get(word)!),
    settings: names.map(settingOf),
    name,
  });
}

export const settingOf = (name: string) => ({
  name,
  axes: Float64Array.from([...name].flatMap((letter) => axisOf[letter]!)),
});

/** AQT's codes, 3·bit + {Z: 0, X: 1, Y: 2}; the first `shots` alone if they are given. */
export function aqtShots(path: string, shots?: number): Tally {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const [, rows = "", columns = ""] = /\((\d+), (\d+)\)/.exec(bytes.subarray(10, start).toString()) ?? [];
  const [n, qubits] = [shots ?? Number(rows), Number(columns)];
  const codes = Uint8Array.from({ length: n * qubits }, (_, i) => bytes[start + 8 * i]!);
  const words = Array.from({ length: n }, (_, shot) =>
    Array.from(codes.subarray(shot * qubits, (shot + 1) * qubits), (code) => "ZXY"[code % 3]).join(""),
  );
  return tallyOfShots(
    words,
    codes.map((code) => Math.floor(code / 3)),
    path,
  );
}

/** QuCumber's text: a row of bits and a row of letters for each shot. */
export function qucumberShots(data: string, bases: string): Tally {
  const rows = (path: string) =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
  const bits = rows(data).flatMap((row) => row.map(Number));
  return tallyOfShots(
    rows(bases).map((row) => row.join("")),
    Uint8Array.from(bits),
    data,
  );
}

/** Two text files of numbers, real and imaginary parts. */
export function readMatrix(re: string, im: string) {
  const numbers = (path: string) => Float64Array.from(readFileSync(path, "utf8").trim().split(/\s+/), Number);
  const [real, imaginary] = [numbers(re), numbers(im)];
  return { n: Math.sqrt(real.length), re: real, im: imaginary };
}

/** 81 settings of 4,000 shots of a device: frequencies of decimal outcomes whose last bit is qubit 0. */
export function deviceShots(path: string): {
  readonly tally: Tally;
  readonly readout: readonly Record<string, number>[];
} {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  const circuits = JSON.parse(lines.at(-1)!) as Record<string, number>[];
  const words = Array.from({ length: 81 }, (_, s) =>
    [27, 9, 3, 1].map((unit) => "XYZ"[Math.floor(s / unit) % 3]).join(""),
  );
  const counts = new Float64Array(81 * 16);
  circuits.slice(0, 81).forEach((circuit, s) => {
    for (const [outcome, share] of Object.entries(circuit)) {
      const bits = Number(outcome);
      const first = ((bits & 1) << 3) | ((bits & 2) << 1) | ((bits & 4) >> 1) | ((bits & 8) >> 3);
      counts[16 * s + first] = Math.round(4000 * share);
    }
  });
  return {
    tally: withCounts({ qubits: 4, settings: words.map(settingOf), name: path }, counts),
    readout: circuits.slice(81),
  };
}
