import { below, open, reserve, take } from "../random/words";

/**
 * Grows and flips clusters (U. Wolff, Phys. Rev. Lett. 62, 361, 1989) and returns how many sites they had in all;
 * one cluster more than asked for half of the time.
 *
 * A site has left its old value by the time its neighbours are looked at, so that none is added twice. In an
 * antiferromagnet (`anti`, two states) unlike neighbours attract, and around a frustrated loop a site may look again as
 * if it had not been added: there sites of the cluster carry the mark 2 until it is done.
 *
 * @param threshold a satisfied bond joins when a word is below this: 2³² times its probability.
 * @param queue room for `sites` numbers of 32 bits.
 */
export function wolff(
  clusters: i32,
  spins: usize,
  sites: i32,
  neighbours: usize,
  degree: i32,
  threshold: f64,
  states: i32,
  anti: bool,
  queue: usize,
  state: usize,
  buffer: usize,
  bytes: usize,
): f64 {
  const limit = <u64>threshold;
  let total: f64 = 0;
  open(state, buffer, bytes);
  // Near K = 0 a cluster is one site: of two states an even number of flips would keep the parity of what is up.
  clusters += <i32>below(2);
  for (let c = 0; c < clusters; c++) {
    const seed = below(sites);
    const old = load<u8>(spins + seed);
    let fresh: u32 = <u32>old + 1;
    if (states > 2) fresh += below(states - 1);
    if (fresh >= <u32>states) fresh -= states;
    let partner: u32 = old;
    let put: u32 = fresh;
    store<u8>(spins + seed, anti ? old | 2 : fresh);
    store<u32>(queue, seed);
    let last = queue + 4;
    for (let at = queue; at < last; at += 4) {
      const site = load<u32>(at);
      if (anti) {
        partner = (<u32>load<u8>(spins + site) & 1) ^ 1;
        put = partner | 2;
      }
      reserve(degree);
      const row = neighbours + ((<usize>site * <usize>degree) << 2);
      // Without branches, which random numbers would make the processor guess wrong.
      for (let k: usize = 0; k < <usize>degree; k++) {
        const next = load<u32>(row + (k << 2));
        const value = <u32>load<u8>(spins + next);
        const joins = u32(value === partner) & u32(<u64>take() < limit);
        store<u8>(spins + next, select(put, value, joins));
        store<u32>(last, next);
        last += (<usize>joins) << 2;
      }
    }
    if (anti)
      for (let at = queue; at < last; at += 4) {
        const place = spins + load<u32>(at);
        store<u8>(place, (load<u8>(place) & 1) ^ 1);
      }
    total += <f64>((last - queue) >> 2);
  }
  return total;
}
