import { zerosInit } from "../../../../nn/init.ts";
import type { Tensor } from "../../../../tensor/index.ts";
import { logVariances, type Modes } from "./modes.ts";

/** Modes along axes that are known beforehand; `average` is over variances that a symmetry makes equal. */
export function fixedModes(
  sites: number,
  { to, from }: { readonly to: (x: Tensor) => Tensor; readonly from: (amplitudes: Tensor) => Tensor },
  average?: (variances: Tensor) => Tensor,
): Modes {
  return {
    count: sites,
    init: () => ({ logVariance: zerosInit([sites]) }),
    adapt: (_, x) => ({ logVariance: logVariances(to(x), average) }),
    to: (_, x) => to(x),
    from: (_, amplitudes) => from(amplitudes),
  };
}

/** Every site a mode of its own. */
export const siteModes = (sites: number): Modes => fixedModes(sites, { to: (x) => x, from: (x) => x });
