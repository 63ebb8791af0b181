import { below, open, uniform, word } from "../random/words";

/**
 * Metropolis updates of Potts spins, site by site: any value is proposed, the old one too, and accepted with
 * probability min(1, e^{−K(n − n′)}), n and n′ being the neighbours that have the old value and the new one.
 *
 * @param acceptance `[2 degree + 1]` doubles: 2³² times the probability, by n − n′ + degree.
 */
export function pottsMetropolis(
  sweeps: i32,
  spins: usize,
  sites: i32,
  neighbours: usize,
  degree: i32,
  acceptance: usize,
  states: i32,
  state: usize,
  buffer: usize,
  bytes: usize,
): void {
  open(state, buffer, bytes);
  for (let n = 0; n < sweeps; n++) {
    let row = neighbours;
    for (let i: usize = 0; i < <usize>sites; i++) {
      const old = <u32>load<u8>(spins + i);
      const fresh = below(states);
      let excess = degree;
      for (let k = 0; k < degree; k++, row += 4) {
        const value = <u32>load<u8>(spins + load<u32>(row));
        excess += i32(value === old) - i32(value === fresh);
      }
      if (<f64>word() < load<f64>(acceptance + ((<usize>excess) << 3))) store<u8>(spins + i, fresh);
    }
  }
}

/**
 * A heat bath of Potts spins, site by site: a spin takes value c with a probability proportional to e^{K n_c}, of its
 * n_c neighbours that have it.
 *
 * @param weights `[degree + 1]` doubles: e^{K n} up to a factor. @param counts room for 256 bytes, all zero.
 */
export function pottsHeatBath(
  sweeps: i32,
  spins: usize,
  sites: i32,
  neighbours: usize,
  degree: i32,
  weights: usize,
  states: i32,
  counts: usize,
  state: usize,
  buffer: usize,
  bytes: usize,
): void {
  const width = (<usize>degree) << 2;
  open(state, buffer, bytes);
  for (let n = 0; n < sweeps; n++) {
    let row = neighbours;
    for (let i: usize = 0; i < <usize>sites; i++, row += width) {
      for (let k: usize = 0; k < width; k += 4) {
        const at = counts + load<u8>(spins + load<u32>(row + k));
        store<u8>(at, load<u8>(at) + 1);
      }
      let total: f64 = 0;
      for (let c = 0; c < states; c++) total += load<f64>(weights + ((<usize>load<u8>(counts + c)) << 3));
      let left = uniform() * total;
      let value = 0;
      for (let c = 0; c < states; c++) {
        const weight = load<f64>(weights + ((<usize>load<u8>(counts + c)) << 3));
        // A value that has no weight is not taken, even where rounding leaves something at the end.
        if (weight > 0) value = c;
        left -= weight;
        if (left < 0) break;
      }
      store<u8>(spins + i, value);
      for (let k: usize = 0; k < width; k += 4) store<u8>(counts + load<u8>(spins + load<u32>(row + k)), 0);
    }
  }
}
