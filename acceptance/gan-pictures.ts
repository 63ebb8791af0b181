import { type Dataset, fit, makeDataset, type NDArray } from "ansatz";
import { spectrum } from "ansatz/evaluate";
import { loadDataset } from "ansatz/files";
import { type FittedImplicit, type GanOptions, makeGan } from "ansatz/models";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, type SeedResult, type Surroundings, timed } from "./acceptance.ts";
import { lognormalTestMaps } from "./maps.ts";
import { estimateText, type Judged, judgedPictures } from "./pictures.ts";

/** What a claim about pictures is measured on and how. */
interface Setup {
  readonly dataset: Dataset;
  readonly hyperparameters?: GanOptions;
  readonly options: FitOptions;
  readonly print: (line: string) => void;
}

/** A fit, samples of it and what tests say of them. */
async function fitted(name: string, seed: number, { dataset, hyperparameters, options, print }: Setup) {
  const { value, cost } = await timed(
    () =>
      fit(makeGan({ space: dataset.space }, hyperparameters), dataset, { ...options, seed }).result(
        (event) => {
          if (event.type === "round")
            print(
              `step ${event.step}: ${JSON.stringify(event.losses)} ${JSON.stringify(event.measures)}, after ${event.seconds.toFixed(0)} s`,
            );
        },
      ) as Promise<FittedImplicit>,
  );
  print(`fitted in ${cost.processor.toFixed(0)} s of the processor`);
  const judged = await judgedPictures(name, seed, { model: value, dataset, print });
  await value.release();
  return { cost, ...judged };
}

/** The largest relative difference of two spectra up to half of the largest wave number along an axis. */
function spectrumError(space: Dataset["space"], own: NDArray, real: NDArray): number {
  const [ours, right] = [spectrum({ space }, { x: own }) ?? [], spectrum({ space }, { x: real }) ?? []];
  const most = Math.max(...(real.shape.slice(1) as number[])) / 4;
  return Math.max(
    ...ours.flatMap(({ k, value }, i) =>
      k <= most ? [Math.abs(value / (right[i]?.value as number) - 1)] : [],
    ),
  );
}

/** How much of the Gaussian's Fréchet distance above that of real rows is left. */
const excess = ({ real, own, gaussian }: Judged) =>
  (own.frechet.value - real.frechet.value) / (gaussian.frechet.value - real.frechet.value);

const maps: Acceptance = {
  name: "gan-maps",
  summary:
    "lognormal maps 32×32, 500 samples against 500 real: the Fréchet distance above real rows' over that of a Gaussian",
  settings: { rows: 10_000 },
  seeds: [1],
  bar: { atMost: 1 / 3 },
  secondsAtMost: 900,
  async measure(seed: number, { print }: Surroundings): Promise<SeedResult> {
    const x = lognormalTestMaps(100 + seed, 10_000);
    const test = lognormalTestMaps(200 + seed, 1000);
    const dataset = makeDataset({ arrays: { train: x, test } }, "lognormal maps", { space: "real" });
    const { cost, ...judged } = await fitted("gan-maps", seed, {
      dataset,
      hyperparameters: { padding: "periodic" },
      options: { epochs: 16, validRows: 1000, augment: ["translations", "reflections", "rotations"] },
      print,
    });
    const off = spectrumError(dataset.space, judged.x, test);
    return {
      ...{ seed, cost },
      result: { value: excess(judged), error: Number.NaN },
      notes: `classifiers ${estimateText(judged.own.linear)} on features, ${estimateText(judged.own.network)} on pixels`,
      checks: [[`spectrum within 10 % up to half Nyquist: ${off.toFixed(3)}`, off <= 0.1]],
    };
  },
};

const fashion: Acceptance = {
  name: "gan-fashion",
  summary: "Fashion-MNIST (20,000 rows), 500 samples against 500 test rows: AUC of a classifier on features",
  settings: {},
  seeds: [1],
  bar: { atMost: 0.75 },
  secondsAtMost: 1200,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset(
      { path: file("pictures/fashion_mnist_20k.npz") },
      { space: "levels:256" },
    );
    const { cost, ...judged } = await fitted("gan-fashion", seed, {
      dataset,
      options: { epochs: 40, validRows: 1000 },
      print,
    });
    return {
      ...{ seed, cost },
      result: judged.own.linear,
      notes: `on pixels ${estimateText(judged.own.network)} (real ${estimateText(judged.real.network)})`,
      checks: [
        [`recall ${judged.own.recall.value.toFixed(2)} ≥ 0.3`, judged.own.recall.value >= 0.3],
        [`Fréchet excess ${excess(judged).toFixed(3)} ≤ ¼ of the Gaussian's`, excess(judged) <= 0.25],
      ],
    };
  },
};

const faces: Acceptance = {
  name: "gan-faces",
  summary:
    "faces 32×32, split by person, 500 samples against 500 test rows: AUC of a convolutional classifier",
  settings: {},
  seeds: [1],
  bar: { atMost: 0.9 },
  secondsAtMost: 1200,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset({ path: file("faces/faces32.npz") }, { space: "levels:256" });
    const { cost, ...judged } = await fitted("gan-faces", seed, {
      dataset,
      options: { epochs: 60, validRows: 1000, augment: ["mirror"] },
      print,
    });
    return {
      ...{ seed, cost },
      result: judged.own.network,
      notes: `on features ${estimateText(judged.own.linear)} (real ${estimateText(judged.real.linear)})`,
      checks: [[`nearest neighbours p ${judged.own.nearest.toFixed(3)} > 0.01`, judged.own.nearest > 0.01]],
    };
  },
};

/** Claims about adversarial networks of pictures and maps. */
export const adversarialPictures: readonly Acceptance[] = [maps, fashion, faces];
