/** Single replicas in and out of the vectors. */

/** Copies replica `lane` to bytes of 0 and 1. */
export function unpack(spins: usize, sites: i32, lane: u32, out: usize): void {
  const word = spins + ((<usize>lane >> 5) << 2);
  const shift = lane & 31;
  for (let i: usize = 0; i < <usize>sites; i++)
    store<u8>(out + i, <u8>((load<u32>(word + (i << 4)) >> shift) & 1));
}

/** Sets replica `lane` from bytes of 0 and 1. */
export function pack(spins: usize, sites: i32, lane: u32, from: usize): void {
  const word = spins + ((<usize>lane >> 5) << 2);
  const shift = lane & 31;
  for (let i: usize = 0; i < <usize>sites; i++) {
    const at = word + (i << 4);
    store<u32>(at, (load<u32>(at) & ~((<u32>1) << shift)) | ((<u32>load<u8>(from + i)) << shift));
  }
}

/** Exchanges the configurations of two lattices in the lanes that are set in the vector at `which`. */
export function exchange(a: usize, b: usize, sites: i32, which: usize): void {
  const mask = v128.load(which);
  for (let i: usize = 0, end = (<usize>sites) << 4; i < end; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    const change = v128.and(mask, v128.xor(x, y));
    v128.store(a + i, v128.xor(x, change));
    v128.store(b + i, v128.xor(y, change));
  }
}
