import { open, uniform } from "../random/words";
import { field, normalise } from "./rotors";

/**
 * Metropolis updates of planar rotors, site by site, at coupling K = βJ. A rotor is turned by an angle whose half has a
 * tangent uniform in (−width, width), or anywhere where `width` is 0: a turn and the turn back are equally likely.
 */
export function rotorMetropolis(
  sweeps: i32,
  spins: usize,
  sites: i32,
  neighbours: usize,
  degree: i32,
  coupling: f64,
  width: f64,
  state: usize,
  buffer: usize,
  bytes: usize,
): void {
  open(state, buffer, bytes);
  for (let n = 0; n < sweeps; n++) {
    let row = neighbours;
    for (let i: usize = 0; i < <usize>sites; i++, row += (<usize>degree) << 2) {
      const at = spins + (i << 4);
      const c = load<f64>(at);
      const s = load<f64>(at, 8);
      let x: f64;
      let y: f64;
      if (width > 0) {
        const t = width * (2 * uniform() - 1);
        const d = 1 / (1 + t * t);
        const cos = (1 - t * t) * d;
        const sin = 2 * t * d;
        x = cos * c - sin * s;
        y = sin * c + cos * s;
      } else {
        // A point of the disk, with its angle doubled.
        let u: f64;
        let v: f64;
        let r: f64;
        do {
          u = 2 * uniform() - 1;
          v = 2 * uniform() - 1;
          r = u * u + v * v;
        } while (r > 1 || r < 1e-12);
        x = (u * u - v * v) / r;
        y = (2 * u * v) / r;
      }
      const gain =
        coupling * ((x - c) * field(spins, row, degree, 0) + (y - s) * field(spins, row, degree, 8));
      if (gain < 0 && uniform() >= Math.exp(gain)) continue;
      store<f64>(at, x);
      store<f64>(at, y, 8);
    }
  }
  normalise(spins, sites);
}

/**
 * Reflects every rotor in turn about the field of its neighbours, which keeps the energy (Creutz, Phys. Rev. D 36, 515,
 * 1987).
 */
export function overrelax(sweeps: i32, spins: usize, sites: i32, neighbours: usize, degree: i32): void {
  for (let n = 0; n < sweeps; n++) {
    let row = neighbours;
    for (let i: usize = 0; i < <usize>sites; i++, row += (<usize>degree) << 2) {
      const at = spins + (i << 4);
      const hx = field(spins, row, degree, 0);
      const hy = field(spins, row, degree, 8);
      const square = hx * hx + hy * hy;
      // Without a field every direction is as good as the one there is.
      if (square < 1e-20) continue;
      const c = load<f64>(at);
      const s = load<f64>(at, 8);
      const twice = (2 * (c * hx + s * hy)) / square;
      store<f64>(at, twice * hx - c);
      store<f64>(at, twice * hy - s, 8);
    }
  }
  normalise(spins, sites);
}
