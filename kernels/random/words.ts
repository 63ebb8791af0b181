import { fill } from "./xoshiro";

/** Random numbers one by one, from a buffer of vectors that is refilled as they are used. */

let cursor: usize = 0;
let start: usize = 0;
let end: usize = 0;
let generator: usize = 0;

/** Starts reading from a generator's state; what the buffer held before is forgotten. */
export function open(state: usize, buffer: usize, bytes: usize): void {
  generator = state;
  start = buffer;
  end = buffer + bytes;
  cursor = end;
}

/** Makes sure that `count` words can be taken by `take`: fewer than the buffer holds. */
export function reserve(count: usize): void {
  if (cursor + (count << 2) > end) refill();
}

function refill(): void {
  fill(generator, start, end);
  cursor = start;
}

/** The next word, of those reserved. */
export function take(): u32 {
  const word = load<u32>(cursor);
  cursor += 4;
  return word;
}

/** A random word. */
export function word(): u32 {
  reserve(1);
  return take();
}

/** A whole number below n, without bias (Lemire, ACM Trans. Model. Comput. Simul. 29, 3, 2019). */
export function below(n: u32): u32 {
  let product = <u64>word() * n;
  if (<u32>product < n) {
    const least: u32 = (<u32>0 - n) % n;
    while (<u32>product < least) product = <u64>word() * n;
  }
  return <u32>(product >> 32);
}

/** A number in [0, 1) with 53 bits. */
export function uniform(): f64 {
  reserve(2);
  const high = take() >> 5;
  return (<f64>high * 67108864.0 + <f64>(take() >> 6)) * (1.0 / 9007199254740992.0);
}
