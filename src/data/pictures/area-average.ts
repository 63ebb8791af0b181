import type { Picture, PictureSize } from "./picture.ts";

/** Red, green and blue of a grey level, as television weighs them (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * Returns a picture in another size and number of channels: each new pixel is the mean over the area that it
 * covers, as a detector with larger pixels would measure it. Grey is 0.299 R + 0.587 G + 0.114 B. Pixels of 8
 * bits are averaged as stored, and rounded once.
 */
export function resample(picture: Picture, to: PictureSize): Picture {
  const { data } = inChannels(picture, to.channels);
  const wide = average(data, {
    before: picture.height,
    length: picture.width,
    after: to.channels,
    to: to.width,
  });
  const out = average(wide, {
    before: 1,
    length: picture.height,
    after: to.width * to.channels,
    to: to.height,
  });
  const { height, width, channels } = to;
  const isBytes = picture.data instanceof Uint8Array;
  return { height, width, channels, data: isBytes ? Uint8Array.from(out, Math.round) : out };
}

function inChannels({ height, width, channels, data }: Picture, wanted: 1 | 3): { data: Float64Array } {
  if (channels === wanted) return { data: Float64Array.from(data) };
  const out = new Float64Array(height * width * wanted);
  for (let i = 0; i < height * width; i++)
    if (wanted === 3) out.fill(data[i]!, 3 * i, 3 * i + 3);
    else for (let c = 0; c < 3; c++) out[i] = out[i]! + luma[c]! * data[3 * i + c]!;
  return { data: out };
}

/** Averages the middle axis of `[before, length, after]` to `to` cells of equal length. */
function average(
  from: Float64Array,
  { before, length, after, to }: { before: number; length: number; after: number; to: number },
): Float64Array {
  if (length === to) return from;
  const out = new Float64Array(before * to * after);
  const cell = length / to;
  for (let t = 0; t < to; t++) {
    const [start, end] = [t * cell, (t + 1) * cell];
    for (let s = Math.floor(start); s < Math.min(length, Math.ceil(end)); s++) {
      const weight = (Math.min(end, s + 1) - Math.max(start, s)) / cell;
      if (weight <= 0) continue;
      for (let b = 0; b < before; b++) {
        const [source, target] = [(b * length + s) * after, (b * to + t) * after];
        for (let a = 0; a < after; a++) out[target + a] = out[target + a]! + weight * from[source + a]!;
      }
    }
  }
  return out;
}
