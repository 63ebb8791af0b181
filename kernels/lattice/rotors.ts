/** Planar rotors as unit vectors (cos θ, sin θ), and as angles. */

const PI32: f32 = 3.14159274;

/** Unit vectors of angles in single precision. */
export function rotors(angles: usize, sites: i32, spins: usize): void {
  for (let i = 0; i < sites; i++, angles += 4, spins += 16) {
    const angle = <f64>load<f32>(angles);
    store<f64>(spins, Math.cos(angle));
    store<f64>(spins, Math.sin(angle), 8);
  }
}

/** Angles in [−π, π) of unit vectors, in single precision. */
export function angles(spins: usize, sites: i32, out: usize): void {
  for (let i = 0; i < sites; i++, spins += 16, out += 4) {
    const angle = <f32>Math.atan2(load<f64>(spins, 8), load<f64>(spins));
    store<f32>(out, angle >= PI32 ? -PI32 : angle);
  }
}

/** Takes the rounding out of lengths that should be 1. */
export function normalise(spins: usize, sites: i32): void {
  for (let i = 0; i < sites; i++, spins += 16) {
    const c = load<f64>(spins);
    const s = load<f64>(spins, 8);
    const factor = 1.5 - 0.5 * (c * c + s * s);
    store<f64>(spins, c * factor);
    store<f64>(spins, s * factor, 8);
  }
}

/** Σ of one component of the neighbours of a site, `row` being theirs: 0 for cosines, 8 for sines. */
export function field(spins: usize, row: usize, degree: i32, component: usize): f64 {
  let sum: f64 = 0;
  for (let k: usize = 0; k < <usize>degree; k++)
    sum += load<f64>(spins + ((<usize>load<u32>(row + (k << 2))) << 4) + component);
  return sum;
}
