import { average, flush, gradient, read, write } from "./lanes";

function rmspropAt<T>(
  at: usize,
  params: usize,
  grads: usize,
  square: usize,
  velocity: usize,
  mask: usize,
  scale: v128,
  l2: v128,
  stepSize: v128,
  squareKeep: v128,
  squareRate: v128,
  epsilon: v128,
  momentum: v128,
): void {
  const theta = read<T>(params + at);
  const g = gradient<T>(theta, grads, mask, at, scale, l2);
  const v = average(read<T>(square + at), f32x4.mul(g, g), squareKeep, squareRate);
  let move = f32x4.div(g, f32x4.add(f32x4.sqrt(v), epsilon));
  if (velocity) {
    move = flush(f32x4.add(f32x4.mul(momentum, read<T>(velocity + at)), move));
    write<T>(velocity + at, move);
  }
  write<T>(square + at, v);
  write<T>(params + at, f32x4.sub(theta, f32x4.mul(stepSize, move)));
}

/** RMSprop; a `velocity` of 0 means no momentum. */
export function rmsprop(
  params: usize,
  grads: usize,
  square: usize,
  velocity: usize,
  mask: usize,
  n: usize,
  scale: f32,
  l2: f32,
  stepSize: f32,
  squareKeep: f32,
  squareRate: f32,
  epsilon: f32,
  momentum: f32,
): void {
  const c = f32x4.splat(scale);
  const l = f32x4.splat(l2);
  const s = f32x4.splat(stepSize);
  const k = f32x4.splat(squareKeep);
  const r = f32x4.splat(squareRate);
  const e = f32x4.splat(epsilon);
  const u = f32x4.splat(momentum);
  const end = n << 2;
  const whole = end & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16)
    rmspropAt<v128>(at, params, grads, square, velocity, mask, c, l, s, k, r, e, u);
  for (; at < end; at += 4) rmspropAt<f32>(at, params, grads, square, velocity, mask, c, l, s, k, r, e, u);
}
