import { below, open, word } from "../random/words";

/** The root of a site; every site on the way is pointed at its grandparent. */
function root(parents: usize, site: u32): u32 {
  let parent = load<u32>(parents + ((<usize>site) << 2));
  while (parent !== site) {
    const above = load<u32>(parents + ((<usize>parent) << 2));
    store<u32>(parents + ((<usize>site) << 2), above);
    site = above;
    parent = load<u32>(parents + ((<usize>site) << 2));
  }
  return site;
}

/**
 * Joins sites through satisfied bonds and gives each cluster a new value (Swendsen & Wang, Phys. Rev. Lett. 58, 86,
 * 1987), `sweeps` times. A root is the first site of its cluster.
 *
 * @param threshold as in `wolff`. @param anti whether unlike neighbours attract; then there are two states.
 * @param parents room for `sites` numbers of 32 bits. @param values room for `sites` bytes.
 */
export function swendsenWang(
  sweeps: i32,
  spins: usize,
  sites: i32,
  neighbours: usize,
  degree: i32,
  threshold: f64,
  states: i32,
  anti: bool,
  parents: usize,
  values: usize,
  state: usize,
  buffer: usize,
  bytes: usize,
): void {
  const limit = <u64>threshold;
  const unlike: u32 = anti ? 1 : 0;
  open(state, buffer, bytes);
  for (let n = 0; n < sweeps; n++) {
    for (let i: u32 = 0; i < <u32>sites; i++) store<u32>(parents + ((<usize>i) << 2), i);
    for (let i: u32 = 0; i < <u32>sites; i++) {
      const own = <u32>load<u8>(spins + i) ^ unlike;
      for (let k: usize = 0; k < <usize>degree; k += 2) {
        const next = load<u32>(neighbours + ((<usize>i * <usize>degree + k) << 2));
        if (<u32>load<u8>(spins + next) !== own || <u64>word() >= limit) continue;
        const a = root(parents, i);
        const b = root(parents, next);
        if (a < b) store<u32>(parents + ((<usize>b) << 2), a);
        else store<u32>(parents + ((<usize>a) << 2), b);
      }
    }
    for (let i: u32 = 0; i < <u32>sites; i++) {
      const r = root(parents, i);
      // Roots come first, so theirs is drawn by now.
      const value = r === i ? below(states) : <u32>load<u8>(values + r);
      store<u8>(values + i, value);
      store<u8>(spins + i, anti ? <u32>load<u8>(spins + i) ^ value : value);
    }
  }
}
