import type { NDArray } from "../../../array.ts";
import type { FeatureGroup, FeatureTable } from "./feature.ts";
import { joined } from "./feature.ts";
import type { FieldChannel } from "./field-channels.ts";
import { type MakeMapStatistic, valuesOf } from "./map.ts";
import { minkowski } from "./minkowski.ts";
import { peaks } from "./peaks.ts";
import { pixelDistribution } from "./pixel-distribution.ts";
import { coarseScale } from "./scale.ts";
import { scattering } from "./scattering.ts";
import { spectrum } from "./spectrum.ts";

/** The statistics of maps, by the name of their group. */
const statistics: Readonly<Record<string, MakeMapStatistic>> = {
  spectrum,
  PDF: pixelDistribution,
  "Minkowski V0": minkowski("v0"),
  "Minkowski V1": minkowski("v1"),
  "Minkowski V2": minkowski("v2"),
  peaks,
  scattering,
};
/** Maps of the reference from which levels are taken. */
const mostReference = 500;

/** Maps of a channel in units of the reference, and the reference's own. */
export interface ScaledChannel {
  readonly channel: FieldChannel;
  /** The scaled maps of rows. */
  scaled(x: NDArray): Float64Array[];
  /** Maps of the reference, at most 500 of them. */
  readonly reference: readonly Float64Array[];
}

/** Channels with their scales, set by rows of the reference. */
export function scaledChannels(channels: readonly FieldChannel[], reference: NDArray): ScaledChannel[] {
  return channels.map((channel) => {
    const maps = channel.maps(reference);
    const every = Math.ceil(maps.length / mostReference);
    const some = maps.filter((_, i) => i % every === 0);
    const { centre, unit } = coarseScale(valuesOf(some));
    const scale = (map: Float64Array) => map.map((v) => (v - centre) / unit);
    // Every group of features asks for the maps of the same rows.
    let last: { readonly x: NDArray; readonly maps: Float64Array[] } | undefined;
    const scaled = (x: NDArray) => {
      if (last?.x !== x) last = { x, maps: channel.maps(x).map(scale) };
      return last.maps;
    };
    return { channel, scaled, reference: some.map(scale) };
  });
}

/** The groups of features of maps: power spectrum, distribution of pixels, Minkowski functionals, peaks, scattering coefficients. */
export function fieldFeatures(channels: readonly ScaledChannel[]): FeatureGroup[] {
  return Object.entries(statistics).map(([name, make]) => {
    const made = channels.map(({ channel, reference, scaled }) => ({
      ...{ suffix: channel.name, scaled, statistic: make(channel.shape, reference) },
    }));
    return {
      name,
      of: (x) =>
        joined(
          made.map(({ suffix, scaled, statistic: { names, at, write } }): FeatureTable => {
            const maps = scaled(x);
            const values = new Float64Array(maps.length * names.length);
            maps.forEach((map, row) => {
              write(map, values, row * names.length);
            });
            return { names: names.map((n) => `${n}${suffix}`), at, rows: maps.length, values };
          }),
        ),
    };
  });
}
