import { below, open, uniform } from "../random/words";
import { normalise } from "./rotors";

/**
 * Clusters of planar rotors (U. Wolff, Phys. Rev. Lett. 62, 361, 1989), at coupling K = βJ: along a random direction r the
 * components are Ising spins; a bond joins with probability 1 − exp(−2K (r·s_i)(r·s_j)), and the cluster is reflected.
 * On lattices where no antiferromagnet is frustrated K may be negative. Returns how many sites the clusters had in all.
 *
 * @param queue room for `sites` numbers of 32 bits.
 */
export function rotorWolff(
  clusters: i32,
  spins: usize,
  sites: i32,
  neighbours: usize,
  degree: i32,
  coupling: f64,
  queue: usize,
  state: usize,
  buffer: usize,
  bytes: usize,
): f64 {
  let total: f64 = 0;
  open(state, buffer, bytes);
  for (let n = 0; n < clusters; n++) {
    let u: f64;
    let v: f64;
    let r: f64;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      r = u * u + v * v;
    } while (r > 1 || r < 1e-12);
    // A direction: the point's angle doubled.
    const x = (u * u - v * v) / r;
    const y = (2 * u * v) / r;
    const seed = below(sites);
    reflect(spins + ((<usize>seed) << 4), x, y);
    store<u32>(queue, seed);
    let last = queue + 4;
    for (let at = queue; at < last; at += 4) {
      const site = load<u32>(at);
      // Reflected by now, and so are the members of the cluster, whose bonds look broken and are not tried again.
      const own = spins + ((<usize>site) << 4);
      const twice = -2 * coupling * (x * load<f64>(own) + y * load<f64>(own, 8));
      const row = neighbours + ((<usize>site * <usize>degree) << 2);
      for (let k: usize = 0; k < <usize>degree; k++) {
        const next = load<u32>(row + (k << 2));
        const other = spins + ((<usize>next) << 4);
        const strength = twice * (x * load<f64>(other) + y * load<f64>(other, 8));
        if (strength <= 0 || uniform() < Math.exp(-strength)) continue;
        reflect(other, x, y);
        store<u32>(last, next);
        last += 4;
      }
    }
    total += <f64>((last - queue) >> 2);
  }
  normalise(spins, sites);
  return total;
}

function reflect(at: usize, x: f64, y: f64): void {
  const c = load<f64>(at);
  const s = load<f64>(at, 8);
  const twice = 2 * (x * c + y * s);
  store<f64>(at, c - twice * x);
  store<f64>(at, s - twice * y, 8);
}
