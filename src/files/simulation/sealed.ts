import { createHash, type Hash } from "node:crypto";

/**
 * The first bytes of a sealed file. Version 1 of the folder had a count there, with zeros in its upper four
 * bytes.
 */
const magic = new TextEncoder().encode("ansatz-2");
const digestBytes = 32;

/** SHA-256 of some content and of what it is of, so that a file in the place of another is found out. */
function labelledDigest(label: string, content: Uint8Array): Uint8Array {
  return createHash("sha256").update(`${label}\n`).update(content).digest();
}

/**
 * Returns content behind a mark and its checksum; {@link unseal} removes them again. `label` identifies the
 * content.
 */
export function seal(label: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(magic.length + digestBytes + content.length);
  out.set(magic);
  out.set(labelledDigest(label, content), magic.length);
  out.set(content, magic.length + digestBytes);
  return out;
}

/** What {@link seal} was given, or undefined if a byte of it differs or it was sealed under another label. */
export function unseal(label: string, bytes: Uint8Array): Uint8Array | undefined {
  if (!isSealed(bytes)) return undefined;
  const content = bytes.subarray(magic.length + digestBytes);
  const digest = bytes.subarray(magic.length, magic.length + digestBytes);
  return Buffer.compare(digest, labelledDigest(label, content)) === 0 ? content : undefined;
}

/** Whether bytes begin with the mark of {@link seal}. */
export function isSealed(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, magic.length), magic) === 0;
}

/** The SHA-256 of bytes that come in parts. */
export class RunningDigest {
  #hash: Hash = createHash("sha256");

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Of all parts so far, in hexadecimal. */
  get hex(): string {
    return this.#hash.copy().digest("hex");
  }
}

/** SHA-256 of bytes, in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  const digest = new RunningDigest();
  digest.add(bytes);
  return digest.hex;
}
