export {
  type AnnealedRows,
  annealPosterior,
  type PosteriorOptions,
  type RowSide,
} from "./anneal.ts";
export { drawVisible } from "./draw-visible.ts";
export { type EncoderMeans, type EncoderOptions, encoderMeans } from "./encoder-means.ts";
export { drawJoint, type JointRows } from "./joint.ts";
export { isLatent, type LatentModel, requireLatent } from "./latent-model.ts";
export { reconstructionErrors } from "./reconstruction.ts";
export type { Lanes } from "./rows.ts";
