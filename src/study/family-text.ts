/** Families that are written otherwise than in capitals. */
const spelt: Readonly<Record<string, string>> = {
  pixelcnn: "PixelCNN",
  transformer: "Transformer",
  realnvp: "RealNVP",
  spline: "Spline flow",
  glow: "Glow",
  autoencoder: "Autoencoder",
  "lattice-flow": "Lattice flow",
};

/** A family at the start of a title, as papers write it: `MADE`, `RealNVP`, `Glow`. */
export function familyText(family: string): string {
  return spelt[family] ?? family.toUpperCase();
}
