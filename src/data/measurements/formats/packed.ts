import { type NDArray, ndarray } from "../../../array.ts";
import { inputError } from "../../../error.ts";
import type { ReadLimits } from "../../formats/format.ts";
import { numbers } from "../../values.ts";
import { requireShots } from "./raw.ts";

/**
 * Bits of packed bytes, as Qiskit's `BitArray.array` holds them: `[..., ceil(n / 8)]` → `[..., n]`. The bytes of a shot are one number,
 * its most significant byte first and padded with zeros on the left.
 *
 * @throws AnsatzError (input) for a number of bits that the bytes cannot hold, and for padding that is not zero.
 */
export function unpacked(bytes: NDArray, count: NDArray, name: string, limits: ReadLimits): NDArray {
  const n = Number(numbers(count)[0]);
  const { shape } = bytes;
  const width = shape.at(-1) ?? 0;
  if (numbers(count).length !== 1 || !Number.isInteger(n) || n < 1 || width !== Math.ceil(n / 8))
    throw inputError(
      `${name}: has ${width} bytes a shot and num_bits ${[...numbers(count)].join(", ")}; n bits are packed in ceil(n / 8) bytes`,
    );
  const values = numbers(bytes);
  const shots = values.length / width;
  requireShots(shots, n, name, limits);
  const out = new Uint8Array(shots * n);
  const padding = 8 * width - n;
  for (let shot = 0; shot < shots; shot++)
    for (let i = 0; i < 8 * width; i++) {
      const bit = ((values[shot * width + (i >> 3)] as number) >> (7 - (i & 7))) & 1;
      if (i >= padding) out[shot * n + i - padding] = bit;
      else if (bit !== 0)
        throw inputError(`${name}: shot ${shot} has a bit beyond the ${n} of num_bits; it is damaged`);
    }
  return ndarray("u8", [...shape.slice(0, -1), n], out);
}
