import { arrayFrom } from "../../../array.ts";
import {
  add,
  broadcastTo,
  constant,
  div,
  mul,
  normal,
  reshape,
  type SymbolicKey,
  scan,
  sqrt,
  square,
  sub,
  type Tensor,
} from "../../../tensor/index.ts";
import { gaussianAt } from "./gaussian.ts";
import { rungeKutta } from "./integrate.ts";
import type { FlowParts, P } from "./parts.ts";
import { guidedDrift } from "./velocity.ts";

/** How rows are drawn. */
export interface Drawing {
  /** Steps from noise to data. */
  readonly steps: number;
  /** Scale of classifier-free guidance; 1 for the model itself. */
  readonly guidance: number;
}

/** Whitened modes of rows, `[batch, sites]`, from noise by the flow's equation. */
export function flowFrom(
  parts: FlowParts,
  p: P,
  noise: Tensor,
  context: Tensor | undefined,
  { steps, guidance, from = 1, to = 0 }: Drawing & { readonly from?: number; readonly to?: number },
): Tensor {
  const rates = ({ u }: { u: Tensor }, time: Tensor) => ({
    u: guidedDrift(parts, p, { u, time }, context, guidance),
  });
  return rungeKutta(rates, { u: noise }, { from, to, steps }).u;
}

/**
 * Whitened modes of rows, `[batch, sites]`, by the stochastic reverse process in equal steps (ancestral sampling: Ho et al.,
 * arXiv:2006.11239, algorithm 2). Every step of the Gaussian is exact: u goes to ρ u + √(1 − ρ²) η, ρ the correlation of both times. The
 * network moves the estimate of x, taken as constant over a step, so that the error falls as one step.
 */
export function diffuseFrom(
  parts: FlowParts,
  p: P,
  noise: Tensor,
  context: Tensor | undefined,
  key: SymbolicKey,
  { steps, guidance }: Drawing,
): Tensor {
  const dtype = noise.dtype as "f32";
  const [batch] = noise.shape as [number, number];
  const ends = (first: number) =>
    constant(
      arrayFrom(
        dtype,
        [steps],
        Float64Array.from({ length: steps }, (_, i) => 1 - (i + first) / steps),
      ),
    );
  const [end] = scan(
    (u: Tensor, { from, to }: { from: Tensor; to: Tensor }) => {
      const all = (time: Tensor) => broadcastTo(reshape(time, [1]), [batch]);
      const [before, after] = [from, to].map((time) => gaussianAt(parts.path, p, all(time))) as [At, At];
      const time = all(from);
      // du/dt is −W/s (x̂ − x̂_Gauss)/root, of which the estimate of x follows.
      const moved = div(
        mul(mul(guidedDrift(parts, p, { u, time }, context, guidance), before.noise), before.root),
        -parts.path.turn,
      );
      const ratio = div(before.signal, after.signal);
      const share = mul(ratio, div(after.root, before.root));
      const kept = square(div(mul(ratio, after.noise), before.noise));
      const shift = div(mul(mul(after.signal, sub(1, kept)), moved), after.root);
      const eta = normal(key, noise.shape, dtype);
      const fresh = sqrt(sub(1, square(share)));
      return [add(add(mul(share, u), mul(fresh, eta)), shift), {}] as const;
    },
    noise,
    { from: ends(0), to: ends(1) },
  );
  return end;
}

type At = ReturnType<typeof gaussianAt>;
