import { sizeOf } from "../array.ts";
import type { DatasetMeta } from "../data/meta.ts";
import { areMaps, kappaParameters, kappaSpectrum, mapArea } from "../systems/index.ts";
import { wavesOf } from "./spectrum.ts";

/**
 * The exact power spectrum of rows that say what theory they were drawn from, at the wave numbers and in the units of
 * {@link spectrum}: that of maps of the convergence of one cosmology without a mask. Undefined for all other rows.
 */
export function knownSpectrum(
  meta: DatasetMeta | undefined,
): { readonly k: number; readonly value: number }[] | undefined {
  if (!meta?.system || !areMaps(meta)) return undefined;
  // Ranges and masks are no parameters of one spectrum.
  const parsed = kappaParameters.safeParse(meta.system.parameters);
  if (!parsed.success) return undefined;
  const { shape } = parsed.data;
  const power = kappaSpectrum(parsed.data);
  const toUnits = sizeOf(shape) / mapArea(parsed.data);
  const shells = Math.floor(Math.max(...shape) / 2);
  const [totals, counts] = [new Float64Array(shells + 1), new Float64Array(shells + 1)];
  wavesOf(shape as [number, number]).forEach((wave, i) => {
    const k = Math.round(wave);
    if (k > shells) return;
    totals[k] = totals[k]! + power[i]! * toUnits;
    counts[k] = counts[k]! + 1;
  });
  return Array.from({ length: shells }, (_, i) => ({ k: i + 1, value: totals[i + 1]! / counts[i + 1]! }));
}
