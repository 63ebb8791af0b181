/**
 * Updates of one lattice at a time: clusters of Ising and Potts spins, single Potts spins, planar rotors.
 *
 * Arrays are byte offsets into the imported memory: spins are bytes, rotors pairs of doubles, cosine and sine.
 * `neighbours` is `[sites, degree]` of 32-bit site numbers, forward and backward along each direction in turn.
 * `state` is that of a generator; `buffer`, of `bytes`, holds its vectors. The same numbers give the same bits everywhere.
 */

export { pottsHeatBath, pottsMetropolis } from "./lattice/potts";
export { rotorWolff } from "./lattice/rotor-wolff";
export { angles, rotors } from "./lattice/rotors";
export { swendsenWang } from "./lattice/swendsen-wang";
export { wolff } from "./lattice/wolff";
export { overrelax, rotorMetropolis } from "./lattice/xy";
