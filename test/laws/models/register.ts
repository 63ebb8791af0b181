import type { BoundedModel, ExactModel, ImplicitModel } from "../../../src/models/contract.ts";
import { register } from "../../../src/models/index.ts";
import type { GeneratorParameters } from "./linear-gaussian.ts";
import { type NoiseNetworkParameters, noiseNetwork } from "./noise-network.ts";
import { type PpcaParameters, ppca } from "./ppca.ts";
import { ppcaExact } from "./ppca-exact.ts";

declare module "../../../src/models/index.ts" {
  interface Families {
    ppca: {
      model: BoundedModel<PpcaParameters>;
      options: { readonly latent?: number; readonly divergence?: "drawn" | "closed" };
    };
    "ppca-exact": { model: ExactModel<GeneratorParameters>; options: { readonly latent?: number } };
    "noise-network": {
      model: ImplicitModel<NoiseNetworkParameters>;
      options: {
        readonly noise?: number;
        readonly hidden?: number;
        readonly training?: "energy-score" | "critic";
      };
    };
  }
}

register(ppca);
register(ppcaExact);
register(noiseNetwork);
