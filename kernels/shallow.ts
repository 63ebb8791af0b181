/**
 * Configurations of bits drawn site by site from conditionals with one hidden layer, the hidden pre-activations of a
 * few rows at a time kept in the processor's nearest cache.
 *
 * Arrays are byte offsets into the imported memory, in single precision unless said; `width` is a multiple of 4.
 * Every sum has a fixed order, so the same numbers give the same bits on every machine.
 */

export { draw } from "./shallow/draw";
