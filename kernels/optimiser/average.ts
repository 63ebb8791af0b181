import { average, read, write } from "./lanes";

/** average ← keep·average + rate·x, elementwise; keep + rate = 1. */
export function averageOf(into: usize, x: usize, n: usize, keep: f32, rate: f32): void {
  const k = f32x4.splat(keep);
  const r = f32x4.splat(rate);
  const end = n << 2;
  const whole = end & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16)
    write<v128>(into + at, average(read<v128>(into + at), read<v128>(x + at), k, r));
  for (; at < end; at += 4) write<f32>(into + at, average(read<f32>(into + at), read<f32>(x + at), k, r));
}
