import type { Action } from "./action.ts";

/**
 * Moves field and momenta, in place, along Hamilton's equations of H = S(x) + ½p² for `steps` leapfrog steps of size
 * `step`: half a kick, drifts and kicks in turn, half a kick. The map preserves volume, is undone by running it again with
 * the momenta reversed, and changes H by O(step²).
 *
 * `force` is scratch of the field's size. Source: Duane, Kennedy, Pendleton & Roweth, Phys. Lett. B 195, 216 (1987).
 */
export function leapfrog(
  action: Action,
  field: Float64Array,
  momenta: Float64Array,
  force: Float64Array,
  step: number,
  steps: number,
): void {
  const n = action.size;
  action.force(field, force);
  for (let i = 0; i < n; i++) momenta[i]! += 0.5 * step * force[i]!;
  for (let k = 1; k <= steps; k++) {
    for (let i = 0; i < n; i++) field[i]! += step * momenta[i]!;
    action.force(field, force);
    const kick = k < steps ? step : 0.5 * step;
    for (let i = 0; i < n; i++) momenta[i]! += kick * force[i]!;
  }
}

/** The kinetic energy of momenta p of unit mass, ½Σp². */
export function kinetic(momenta: Float64Array): number {
  let total = 0;
  for (let i = 0; i < momenta.length; i++) total += momenta[i]! * momenta[i]!;
  return total / 2;
}
