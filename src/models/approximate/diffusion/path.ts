import { cos, full, mul, ones, sin, sub, type Tensor } from "../../../tensor/index.ts";

/** Names of the paths from data to noise. */
export const pathNames = ["linear", "vp"] as const;

/** z_t = a(t) x + s(t) ε from data at t = 0 to standard normal noise ε at t = 1, with a velocity v = a′(t) x + s′(t) ε. */
export interface Path {
  /** a(t), of the shape of t. */
  signal(t: Tensor): Tensor;
  /** s(t). */
  noise(t: Tensor): Tensor;
  /** a′(t). */
  signalRate(t: Tensor): Tensor;
  /** s′(t). */
  noiseRate(t: Tensor): Tensor;
  /** s′ a − a′ s, which does not depend on t: 1 of the straight line, π/2 of the quarter circle. */
  readonly turn: number;
}

/**
 * The paths by name: the straight line of flow matching (a = 1 − t, s = t; Lipman et al., arXiv:2210.02747), and the quarter circle
 * a = cos(πt/2), s = sin(πt/2), which keeps the variance of standardised data and is diffusion (Song et al., arXiv:2011.13456).
 */
export const paths: Readonly<Record<(typeof pathNames)[number], Path>> = {
  linear: {
    signal: (t) => sub(ones(t.shape, t.dtype), t),
    noise: (t) => t,
    signalRate: (t) => full(t.shape, -1, t.dtype),
    noiseRate: (t) => ones(t.shape, t.dtype),
    turn: 1,
  },
  vp: {
    signal: (t) => cos(mul(t, Math.PI / 2)),
    noise: (t) => sin(mul(t, Math.PI / 2)),
    signalRate: (t) => mul(sin(mul(t, Math.PI / 2)), -Math.PI / 2),
    noiseRate: (t) => mul(cos(mul(t, Math.PI / 2)), Math.PI / 2),
    turn: Math.PI / 2,
  },
};
