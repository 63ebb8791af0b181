/** Bytes with a header before them: the length of the header, the header as JSON, the bytes. */
export function withHeader(header: object, bytes: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(4 + text.length + bytes.length);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  out.set(bytes, 4 + text.length);
  return out;
}

/** The header of {@link withHeader} as text, and the bytes after it; undefined for too few bytes to have one. */
export function splitHeader(
  all: Uint8Array,
): { readonly header: string; readonly bytes: Uint8Array } | undefined {
  if (all.length < 4) return undefined;
  const end = 4 + new DataView(all.buffer, all.byteOffset).getUint32(0, true);
  return { header: new TextDecoder().decode(all.subarray(4, end)), bytes: all.subarray(end) };
}
