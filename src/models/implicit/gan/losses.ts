import { mean, mul, neg, softplus, sub, type Tensor } from "../../../tensor/index.ts";
import type { LossName } from "./options.ts";

/** What two players pay for the scores that the discriminator gives rows, `[batch]` each. */
export interface GanLoss {
  /** What the discriminator minimises. */
  discriminator(real: Tensor, fake: Tensor): Tensor;
  /** What the generator minimises. */
  generator(fake: Tensor): Tensor;
}

/**
 * The cost of Goodfellow et al. (arXiv:1406.2661, equation 1) with the lecture's ½: C = −½⟨log D(x)⟩ − ½⟨log(1 − D(x̃))⟩ where D is
 * the sigmoid of the score. At the best D it is log 2 less the Jensen–Shannon divergence.
 */
export const adversarialCost = (real: Tensor, fake: Tensor): Tensor =>
  mul(sub(mean(softplus(neg(real))), neg(mean(softplus(fake)))), 0.5);

/** The Wasserstein cost: what the critic gives generated rows minus what it gives data (Arjovsky et al., arXiv:1701.07875). */
const wasserstein = (real: Tensor, fake: Tensor): Tensor => sub(mean(fake), mean(real));

/** Costs by name. */
export const ganLosses: Readonly<Record<LossName, GanLoss>> = {
  // The gradient of −½⟨log D⟩ does not vanish where the discriminator is sure.
  nonsaturating: {
    discriminator: adversarialCost,
    generator: (fake) => mul(mean(softplus(neg(fake))), 0.5),
  },
  minimax: {
    discriminator: adversarialCost,
    generator: (fake) => mul(mean(softplus(fake)), -0.5),
  },
  "wgan-gp": {
    discriminator: wasserstein,
    generator: (fake) => neg(mean(fake)),
  },
};
