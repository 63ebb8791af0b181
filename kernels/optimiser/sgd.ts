import { flush, gradient, read, write } from "./lanes";

function sgdAt<T>(
  at: usize,
  params: usize,
  grads: usize,
  velocity: usize,
  mask: usize,
  scale: v128,
  l2: v128,
  stepSize: v128,
  momentum: v128,
  nesterov: bool,
): void {
  const theta = read<T>(params + at);
  let move = gradient<T>(theta, grads, mask, at, scale, l2);
  if (velocity) {
    const u = flush(f32x4.add(f32x4.mul(momentum, read<T>(velocity + at)), move));
    write<T>(velocity + at, u);
    move = nesterov ? f32x4.add(move, f32x4.mul(momentum, u)) : u;
  }
  write<T>(params + at, f32x4.sub(theta, f32x4.mul(stepSize, move)));
}

/** Stochastic gradient descent; a `velocity` of 0 means no momentum. */
export function sgd(
  params: usize,
  grads: usize,
  velocity: usize,
  mask: usize,
  n: usize,
  scale: f32,
  l2: f32,
  stepSize: f32,
  momentum: f32,
  nesterov: bool,
): void {
  const c = f32x4.splat(scale);
  const l = f32x4.splat(l2);
  const s = f32x4.splat(stepSize);
  const u = f32x4.splat(momentum);
  const end = n << 2;
  const whole = end & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) sgdAt<v128>(at, params, grads, velocity, mask, c, l, s, u, nesterov);
  for (; at < end; at += 4) sgdAt<f32>(at, params, grads, velocity, mask, c, l, s, u, nesterov);
}
