/** Spins that are coupled all to all. Arrays are byte offsets into the imported memory. */

export { refresh, temper } from "./pairwise/temper";
