import { addTo, dot, dotRectified } from "./rows";
import { activate, expNegative, logOnePlus, sigmoidFrom } from "./transcendental";

/** Bytes of the whole vectors that hold the first `n` numbers. */
function whole(n: usize): usize {
  return ((n + 3) >> 2) << 4;
}

/**
 * Draws `count` rows, in groups of four: every array by rows has room for the last group to be full.
 *
 * At position i the logit is bias[i] + Σ_k columns[i, k] h_k + what the direct links have added, a bit is 1 where its
 * uniform number is below σ(logit / temperature), and a 1 adds weights[i, ·] to the pre-activations and
 * direct[i, ·] to the logits of later positions.
 *
 * @param done u32 [sites + 1]: units before done[i] have seen all they ever see when position i is drawn, and no
 *   other is read there; they are sorted so. 0 where every unit is read at every position, which must be rectifiers.
 * @param start [width] pre-activations before the first position
 * @param weights [sites, width], zero in what is masked; `columns` likewise
 * @param direct [sites, sites rounded up to whole vectors], 0 for none
 * @param order u32 [sites]: the site at each position
 * @param u [sites, stride] uniform numbers by position
 * @param state scratch [rows, width]
 * @param offsets scratch [rows, sites rounded up to whole vectors], unused without direct links
 * @param x u8 [rows, sites], as the sites lie
 * @param logProb f64 [rows], at temperature 1
 */
export function draw(
  count: usize,
  sites: usize,
  width: usize,
  activation: i32,
  done: usize,
  start: usize,
  weights: usize,
  columns: usize,
  bias: usize,
  direct: usize,
  order: usize,
  u: usize,
  stride: usize,
  temperature: f32,
  state: usize,
  offsets: usize,
  x: usize,
  logProb: usize,
): void {
  const rows = (count + 3) & ~3;
  const bytes = width << 2;
  const links = whole(sites);
  const zero = f32x4.splat(0);
  for (let row: usize = 0; row < rows; row++) {
    memory.copy(state + row * bytes, start, bytes);
    store<f64>(logProb + (row << 3), 0);
  }
  if (direct) memory.fill(offsets, 0, rows * links);
  for (let i: usize = 0; i < sites; i++) {
    const site = <usize>load<u32>(order + (i << 2));
    const before: usize = done ? <usize>load<u32>(done + (i << 2)) : 0;
    const after: usize = done ? <usize>load<u32>(done + ((i + 1) << 2)) : 0;
    const from = (before >> 2) << 4;
    const w = weights + i * bytes;
    const v = columns + i * bytes;
    const links0 = direct + i * links;
    const own = f32x4.splat(load<f32>(bias + (i << 2)));
    for (let row: usize = 0; row < rows; row += 4) {
      const a = state + row * bytes;
      let logit = done ? dot(a, bytes, v, whole(before)) : dotRectified(a, bytes, v, bytes);
      logit = f32x4.add(logit, own);
      const o = offsets + row * links;
      if (direct) {
        const at = o + (i << 2);
        let linked = v128.load32_zero(at);
        linked = v128.load_lane<f32>(at + links, linked, 1);
        linked = v128.load_lane<f32>(at + 2 * links, linked, 2);
        linked = v128.load_lane<f32>(at + 3 * links, linked, 3);
        logit = f32x4.add(logit, linked);
      }
      const small = expNegative(f32x4.neg(f32x4.abs(logit)));
      let p = sigmoidFrom(logit, small);
      if (temperature !== 1) {
        const tempered = f32x4.div(logit, f32x4.splat(temperature));
        p = sigmoidFrom(tempered, expNegative(f32x4.neg(f32x4.abs(tempered))));
      }
      const ones = f32x4.lt(v128.load(u + ((i * stride + row) << 2)), p);
      // log P(bit) = bit · l − max(l, 0) − log(1 + e^−|l|)
      const taken = f32x4.sub(v128.and(ones, logit), f32x4.pmax(zero, logit));
      const l = f32x4.sub(taken, logOnePlus(small));
      const sum = logProb + (row << 3);
      v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(l)));
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(l, l, 2, 3, 2, 3));
      v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
      const bits = i32x4.bitmask(ones);
      for (let lane: usize = 0; lane < 4; lane++) {
        const bit = (bits >>> <i32>lane) & 1;
        store<u8>(x + (row + lane) * sites + site, bit);
        const r = a + lane * bytes;
        if (bit) {
          addTo(r, w, from, bytes);
          if (direct) addTo(o + lane * links, links0, (i >> 2) << 4, links);
        }
        for (let k = before; k < after; k++) {
          const at = r + (k << 2);
          v128.store_lane<f32>(at, activate(v128.load32_zero(at), activation), 0);
        }
      }
    }
  }
}
