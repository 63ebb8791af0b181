import { Key } from "../../random/key.ts";
import { inversePermutation, permutation } from "../../random/permutation.ts";
import type { Splits } from "../splits.ts";
import type { Measurements } from "./measurements.ts";

/** Shots of `which` alone, in that order; all settings stay, also those that lose their shots. */
export function takeShots(measurements: Measurements, which: Uint32Array): Measurements {
  const { qubits, bits, setting } = measurements;
  const out = new Uint8Array(which.length * qubits);
  which.forEach((shot, i) => {
    out.set(bits.subarray(shot * qubits, (shot + 1) * qubits), i * qubits);
  });
  return { ...measurements, bits: out, setting: which.map((shot) => setting[shot]!) };
}

/**
 * Holds out a share of the shots of each setting, at random by `seed`, so that both parts have every setting
 * in the same proportion: to within one shot of `fraction` of them. Settings of one shot are held out at
 * random.
 *
 * Returns the numbers of the shots kept and held out, increasing.
 */
export function heldOutShots(
  { setting }: Pick<Measurements, "setting">,
  fraction: number,
  seed: number | Key,
): { readonly kept: Uint32Array; readonly held: Uint32Array } {
  const [kept, held]: [number[], number[]] = [[], []];
  shuffledBySetting(setting, seed instanceof Key ? seed : Key.fromSeed(seed)).forEach((shot, i) => {
    const isHeld = Math.floor((i + 1) * fraction) > Math.floor(i * fraction);
    (isHeld ? held : kept).push(shot);
  });
  return { kept: Uint32Array.from(kept).sort(), held: Uint32Array.from(held).sort() };
}

/** Splits the shots of each setting 80/10/10, at random by `key`; `setting[r]` is the setting of row `r`. */
export function settingSplits(setting: Uint32Array, key: Key): Splits {
  const parts = { train: [] as number[], valid: [] as number[], test: [] as number[] };
  shuffledBySetting(setting, key).forEach((shot, i) => {
    parts[i % 10 === 9 ? "test" : i % 10 === 4 ? "valid" : "train"].push(shot);
  });
  return {
    train: Uint32Array.from(parts.train).sort(),
    valid: Uint32Array.from(parts.valid).sort(),
    test: Uint32Array.from(parts.test).sort(),
    by: "random",
    how: "80/10/10 at random within each setting",
  };
}

/** All shots, grouped by setting: settings in a random order, and the shots within each too. */
function shuffledBySetting(setting: Uint32Array, key: Key): number[] {
  const rank = inversePermutation(permutation(key, setting.length));
  const count = setting.reduce((most, s) => Math.max(most, s + 1), 0);
  const place = permutation(key.fold(0), count);
  return Array.from(setting, (_, shot) => shot).sort(
    (a, b) => place[setting[a]!]! - place[setting[b]!]! || rank[a]! - rank[b]!,
  );
}
