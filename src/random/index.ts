/**
 * Random numbers from keys: the same key gives the same numbers everywhere.
 *
 * @module ansatz/random
 */

export { bits } from "./bits.ts";
export { categorical, categoricalRows } from "./categorical.ts";
export { integers } from "./integers.ts";
export { Key } from "./key.ts";
export { fillNormal, normal } from "./normal.ts";
export { permutation } from "./permutation.ts";
export { normalQuantile } from "./quantile.ts";
export { keyOf, type SeedOrKey } from "./seed.ts";
export { type Stream, stream } from "./stream.ts";
export { fillBits, fillBlocks } from "./threefry.ts";
export { fillUniform, type RealType, uniform } from "./uniform.ts";
