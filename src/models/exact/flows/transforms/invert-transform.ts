import type { Transform } from "../transform.ts";

/** The same maps the other way round: `forward` is what `inverse` was. */
export const invertTransform = ({ size, forward, inverse }: Transform): Transform => ({
  size,
  forward: inverse,
  inverse: forward,
});
