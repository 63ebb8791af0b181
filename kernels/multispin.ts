/**
 * Multi-spin coding: 128 independent replicas of one lattice of Ising spins, bit r of a site's vector being the spin of
 * replica r. Satisfied bonds are counted by adders of bits over whole vectors. A decision of probability p is made for all
 * replicas at once, each by a uniform number of its own that is compared with p bit by bit, the most significant first,
 * until no replica is undecided: after about nine vectors of random bits, however many digits p has.
 *
 * Jacobs & Rebbi, J. Comput. Phys. 41, 203 (1981); Block, Virnau & Preis, Comput. Phys. Commun. 181, 1549 (2010), whose
 * replicas share their random numbers. Arrays are byte offsets into the imported memory.
 */

export { countBonds, countUp } from "./multispin/count";
export { exchange, pack, unpack } from "./multispin/lanes";
export { sweep } from "./multispin/sweep";
