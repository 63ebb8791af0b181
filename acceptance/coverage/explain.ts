import { createSystem, FittedExact, Key, makeMade } from "ansatz";
import { type Explanation, explainData, explainModel, explicable, trueCouplings } from "ansatz/explain";
import { allConfigurations } from "ansatz/systems";
import { drawRows, expectation } from "./rows.ts";
import { coverage, type Experiment, fewer } from "./run.ts";
import type { Found } from "./table.ts";

const system = createSystem("sk", { shape: [4], beta: 1.2, seed: 1 });
const x = allConfigurations([4]);

/** Couplings beyond this are found in every repetition; the errors of those near the threshold do not tell that chance made them larger. */
const least = 0.25;

/** Π s of the sites of each product, summed over the products of a term, at configuration `i`. */
function productsAt(products: readonly (readonly number[])[], i: number): number {
  const spin = (site: number) => 2 * Number(x.data[4 * i + site]) - 1;
  return products.reduce((sum, sites) => sum + sites.reduce((s, site) => s * spin(site), 1), 0);
}

/** Couplings from rows; all of them are large, so that other rows would have kept them too. */
const couplings = (rows: number): Experiment => ({
  name: `couplings of 4 spins from ${rows} rows`,
  repetitions: fewer,
  async prepare() {
    const draw = drawRows(system);
    const truth = trueCouplings(system, 2)!;
    return async (key) => {
      const { coefficients } = await explainData({ x: draw(rows, key.fold(0)) }, system.space, {
        key: key.fold(1),
      });
      const found: Record<string, Found[string]> = {};
      for (const { term, estimate } of coefficients) {
        const [product = []] = term.products;
        const exact = truth.of(product);
        if (Math.abs(exact) > least) found[`K ${product.join("–")}`] = { estimate, exact };
      }
      return found;
    };
  },
});

/** R² of each formula against that of the same formula over all configurations. */
const explained: Experiment = {
  name: "R² of pairs for a model, 1,000 draws",
  repetitions: fewer,
  async prepare() {
    const made = makeMade({ space: system.space }, { hidden: 8 });
    const model = new FittedExact(made, made.init(Key.fromSeed(5)));
    const logProb = await model.logProb(x);
    const p = logProb.map(Math.exp);
    const centre = expectation(p, (i) => logProb[i]!);
    const variance = expectation(p, (i) => (logProb[i]! - centre) ** 2);
    const r2 = ({ coefficients, constant }: Explanation) => {
      const formula = (i: number) =>
        coefficients.reduce(
          (sum, { term, estimate }) => sum + estimate.value * productsAt(term.products, i),
          constant!.value,
        );
      return 1 - expectation(p, (i) => (logProb[i]! - formula(i)) ** 2) / variance;
    };
    return async (key): Promise<Found> => {
      const explanation = await explainModel(explicable(model), { key, samples: 1000 });
      if (!("r2" in explanation.held)) throw new Error("a model has R²");
      return { "R²": { estimate: explanation.held.r2, exact: r2(explanation) } };
    };
  },
};

/** On systems and models of 16 configurations. */
export const explainExperiments: readonly Experiment[] = [couplings(2000), explained];

export const coverageExplain = coverage("explain", explainExperiments);
