import { open, uniform } from "../random/words";

/** y ← y + a·x over doubles, an even number of them. */
function addScaled(y: usize, x: usize, a: f64, bytes: usize): void {
  const factor = f64x2.splat(a);
  const end = y + bytes;
  for (; y < end; y += 16, x += 16) v128.store(y, f64x2.add(v128.load(y), f64x2.mul(factor, v128.load(x))));
}

/**
 * Parallel tempering of one chain (Hukushima & Nemoto, J. Phys. Soc. Jpn. 65, 1604, 1996): a sweep is a heat bath of
 * every spin of every replica, then an attempt to exchange every other neighbouring pair, by min(1, e^{ΔβΔE}).
 *
 * @param matrix `[sites, stride]` doubles J_ij, `stride` even and what is beyond the sites zero.
 * @param betas `[replicas]` doubles. @param order `[replicas]` numbers: the replica at each of them.
 * @param signs `[replicas, stride]` doubles of ±1. @param fields `[replicas, stride]`: Σ_j J_ij s_j.
 * @param energies `[replicas]`. @param odd whether the first exchange begins with the second pair; returned for the next.
 */
export function temper(
  sweeps: i32,
  matrix: usize,
  sites: i32,
  stride: i32,
  replicas: i32,
  betas: usize,
  order: usize,
  signs: usize,
  fields: usize,
  energies: usize,
  odd: i32,
  state: usize,
  buffer: usize,
  bytes: usize,
): i32 {
  const row = (<usize>stride) << 3;
  open(state, buffer, bytes);
  for (let n = 0; n < sweeps; n++) {
    for (let r: usize = 0; r < <usize>replicas; r++) {
      const replica = <usize>load<u32>(order + (r << 2));
      const twice = -2 * load<f64>(betas + (r << 3));
      const s = signs + replica * row;
      const h = fields + replica * row;
      let energy = load<f64>(energies + (replica << 3));
      for (let i: usize = 0; i < <usize>sites; i++) {
        const field = load<f64>(h + (i << 3));
        // P(up) = 1/(1 + e^{−2βh}).
        const up: f64 = uniform() * (1 + Math.exp(twice * field)) < 1 ? 1 : -1;
        const old = load<f64>(s + (i << 3));
        if (up === old) continue;
        store<f64>(s + (i << 3), up);
        energy += 2 * old * field;
        addScaled(h, matrix + i * row, 2 * up, row);
      }
      store<f64>(energies + (replica << 3), energy);
    }
    for (let r: usize = odd; r + 1 < <usize>replicas; r += 2) {
      const a = load<u32>(order + (r << 2));
      const b = load<u32>(order + (r << 2), 4);
      const gain =
        (load<f64>(betas + (r << 3)) - load<f64>(betas + (r << 3), 8)) *
        (load<f64>(energies + ((<usize>a) << 3)) - load<f64>(energies + ((<usize>b) << 3)));
      if (gain < 0 && uniform() >= Math.exp(gain)) continue;
      store<u32>(order + (r << 2), b);
      store<u32>(order + (r << 2), a, 4);
    }
    odd ^= 1;
  }
  return odd;
}

/** Fields and energies of every replica from its signs, so that the rounding of many updates does not add up. */
export function refresh(
  matrix: usize,
  sites: i32,
  stride: i32,
  replicas: i32,
  signs: usize,
  fields: usize,
  energies: usize,
): void {
  const row = (<usize>stride) << 3;
  for (let r: usize = 0; r < <usize>replicas; r++) {
    const s = signs + r * row;
    const h = fields + r * row;
    memory.fill(h, 0, row);
    for (let i: usize = 0; i < <usize>sites; i++)
      addScaled(h, matrix + i * row, load<f64>(s + (i << 3)), row);
    let twice: f64 = 0;
    for (let i: usize = 0; i < <usize>sites; i++) twice += load<f64>(s + (i << 3)) * load<f64>(h + (i << 3));
    store<f64>(energies + (r << 3), -0.5 * twice);
  }
}
