const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The CRC-32 of bytes as zip files hold it: polynomial 0xEDB88320, reflected (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++)
    crc = (table[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const endOfDirectory = 0x06054b50;
const endOfDirectory64 = 0x06064b50;
const directoryEntry = 0x02014b50;

/**
 * Returns the CRC-32 of every entry of a zip file, in the order of its central directory; of a malformed
 * file, those that can be read. Format: PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16.
 */
export function zipChecksums(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => (at >= 0 && at + 4 <= bytes.length ? view.getUint32(at, true) : 0);
  const half = (at: number) => (at >= 0 && at + 2 <= bytes.length ? view.getUint16(at, true) : 0);
  let end = bytes.length - 22;
  while (end > 0 && word(end) !== endOfDirectory) end--;
  let at = word(end + 16);
  // A file beyond 4 GiB or 65535 entries says where its directory is in a record that a locator points to.
  if (at === 0xffffffff || half(end + 10) === 0xffff) {
    const record = word(end - 12);
    if (word(record) === endOfDirectory64) at = word(record + 48) + 2 ** 32 * word(record + 52);
  }
  const checksums: number[] = [];
  while (word(at) === directoryEntry) {
    checksums.push(word(at + 16));
    at += 46 + half(at + 28) + half(at + 30) + half(at + 32);
  }
  return checksums;
}
