import { Gunzip, gzipSync } from "fflate";
import { inputError } from "../../error.ts";
import { type Format, type ReadLimits, tooLarge } from "./format.ts";
import { crc32 } from "./zip-checksum.ts";

/** Deflate packs at most 1032 bytes into one; a file that claims more is a lie. */
const mostPacked = 1032;
const pieceSize = 1 << 16;

/**
 * The bytes of a gzip file of one member or several (RFC 1952). Throws input errors for a damaged file, and, before they are
 * allocated, for contents larger than `limits` allow.
 */
export function gunzip(file: Uint8Array, name: string, limits: ReadLimits): Uint8Array {
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const damaged = (why: string, cause?: unknown) =>
    inputError(`${name}: not a whole gzip file (${why})`, cause);
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw damaged("it has no gzip header");
  const trailer = (end: number) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + end - 8, 8);
    return { crc: view.getUint32(0, true), size: view.getUint32(4, true) };
  };
  // What the last member claims is a lower bound of what a file of several holds.
  const claimed = trailer(bytes.length).size;
  if (claimed > mostPacked * bytes.length) throw damaged("it claims an impossible size");
  if (claimed > limits.maxBytes) throw tooLarge(name, claimed, limits);
  let out = new Uint8Array(claimed);
  let size = 0;
  /** Start of each member's contents in `out`, and end of its predecessor in the file. */
  const members: { from: number; fileEnd: number }[] = [];
  const inflate = new Gunzip((piece) => {
    if (size + piece.length > limits.maxBytes) throw tooLarge(name, size + piece.length, limits);
    if (size + piece.length > out.length) {
      const wider = new Uint8Array(Math.min(limits.maxBytes, Math.max(size + piece.length, 2 * out.length)));
      wider.set(out.subarray(0, size));
      out = wider;
    }
    out.set(piece, size);
    size += piece.length;
  });
  inflate.onmember = (at) => members.push({ from: size, fileEnd: at });
  try {
    for (let at = 0; at < bytes.length; at += pieceSize)
      inflate.push(bytes.subarray(at, at + pieceSize), at + pieceSize >= bytes.length);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && typeof cause.code === "number")
      throw damaged(cause.message, cause);
    throw cause;
  }
  const starts = [0, ...members.map(({ from }) => from)];
  const fileEnds = [...members.map(({ fileEnd }) => fileEnd), bytes.length];
  starts.forEach((from, i) => {
    const part = out.subarray(from, starts[i + 1] ?? size);
    const { crc, size: length } = trailer(fileEnds[i] as number);
    if (part.length % 2 ** 32 !== length || crc32(part) !== crc)
      throw damaged("its contents are not what its checksum says");
  });
  return out.subarray(0, size);
}

/** A format inside gzip: `.csv.gz` for `.csv`. */
export function gzipped(format: Format): Format {
  return {
    extensions: format.extensions.map((extension) => `${extension}.gz`),
    ...(format.isText && { isText: true }),
    read(bytes, name, limits, text) {
      const inner = limits ?? { maxBytes: 2 ** 32 };
      return format.read(gunzip(bytes, name, inner), name, inner, text);
    },
    write: (file) => gzipSync(format.write(file), { mtime: 0 }),
  };
}
