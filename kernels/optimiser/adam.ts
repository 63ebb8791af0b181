import { average, gradient, read, write } from "./lanes";

function adamAt<T>(
  at: usize,
  params: usize,
  grads: usize,
  mean: usize,
  square: usize,
  mask: usize,
  scale: v128,
  l2: v128,
  decay: v128,
  stepSize: v128,
  meanKeep: v128,
  meanRate: v128,
  squareKeep: v128,
  squareRate: v128,
  epsilon: v128,
): void {
  const theta = read<T>(params + at);
  const g = gradient<T>(theta, grads, mask, at, scale, l2);
  const m = average(read<T>(mean + at), g, meanKeep, meanRate);
  const v = average(read<T>(square + at), f32x4.mul(g, g), squareKeep, squareRate);
  const move = f32x4.div(f32x4.mul(stepSize, m), f32x4.add(f32x4.sqrt(v), epsilon));
  write<T>(mean + at, m);
  write<T>(square + at, v);
  write<T>(params + at, f32x4.sub(theta, f32x4.add(f32x4.mul(decay, theta), move)));
}

/**
 * Adam and AdamW. `stepSize` and `epsilon` carry the bias corrections; `l2` couples the decay to the gradient,
 * `decay` (lr times the weight decay) does not; `meanKeep` = β₁, `meanRate` = 1 − β₁, and so with
 * β₂ for the square.
 */
export function adam(
  params: usize,
  grads: usize,
  mean: usize,
  square: usize,
  mask: usize,
  n: usize,
  scale: f32,
  l2: f32,
  decay: f32,
  stepSize: f32,
  meanKeep: f32,
  meanRate: f32,
  squareKeep: f32,
  squareRate: f32,
  epsilon: f32,
): void {
  const c = f32x4.splat(scale);
  const l = f32x4.splat(l2);
  const d = f32x4.splat(decay);
  const s = f32x4.splat(stepSize);
  const k1 = f32x4.splat(meanKeep);
  const r1 = f32x4.splat(meanRate);
  const k2 = f32x4.splat(squareKeep);
  const r2 = f32x4.splat(squareRate);
  const e = f32x4.splat(epsilon);
  const end = n << 2;
  const whole = end & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16)
    adamAt<v128>(at, params, grads, mean, square, mask, c, l, d, s, k1, r1, k2, r2, e);
  for (; at < end; at += 4) adamAt<f32>(at, params, grads, mean, square, mask, c, l, d, s, k1, r1, k2, r2, e);
}
