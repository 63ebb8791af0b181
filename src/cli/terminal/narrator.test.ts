import { expect, it } from "vitest";
import type { TrainEvent } from "../../train/index.ts";
import { narrator } from "./narrator.ts";
import type { Progress, ProgressPoint } from "./progress.ts";

/** The details shown for one round of a fit of 4 sites. */
function detailsOf(start: Partial<TrainEvent & { type: "start" }>, round: object): readonly string[] {
  const shown: ProgressPoint[] = [];
  const show = narrator({ update: (step: ProgressPoint) => shown.push(step) } as unknown as Progress, 4);
  const rows = { train: 8, valid: 2 };
  show({ type: "start", parameters: 1, steps: 8, step: 0, round: 4, batch: 2, rows, ...start });
  const rest = { round: 1, step: 4, best: true, lr: 0.1, seconds: 1 };
  show({ type: "round", losses: {}, measures: {}, ...rest, ...round });
  return shown.at(-1)?.details ?? [];
}

it("divides nats by the sites, and nothing that is counted otherwise", () => {
  const losses = { NLL: 2, critic: -2 };
  const measures = {
    NLL: { value: 2, error: 0.04, unit: "nats" },
    "energy score": { value: 2, error: 0.04 },
  };
  expect(detailsOf({ units: { NLL: "nats" } }, { losses, measures })).toEqual([
    "epoch 1/2",
    "NLL/site 0.5000",
    "critic −2",
    "valid NLL/site 0.500 ± 0.010",
    "valid energy score 2.00 ± 0.04",
  ]);
});

it("divides a bracket in nats alone", () => {
  const sides = { lower: { value: 2, error: 0.04 }, upper: { value: 4, error: 0.04 } };
  const [, nats] = detailsOf({}, { measures: { NLL: { ...sides, unit: "nats" } } });
  expect(nats).toBe("NLL/site between 0.500 ± 0.010 and 1.000 ± 0.010 at epoch 1");
  const [, plain] = detailsOf({}, { measures: { length: sides } });
  expect(plain).toBe("length between 2.00 ± 0.04 and 4.00 ± 0.04 at epoch 1");
});
