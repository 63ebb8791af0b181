export { type BondSigns, bondSigns, signedBondSum } from "./signs.ts";
export { type SpinGlass, type SpinGlassParameters, spinGlass } from "./spin-glass.ts";
