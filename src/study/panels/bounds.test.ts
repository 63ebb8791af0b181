import { expect, test } from "vitest";
import { scoreBounded } from "../../evaluate/index.ts";
import type { FittedBounded } from "../../models/fitted/bounded.ts";
import { createModel } from "../../models/index.ts";
import { createSystem, simulate } from "../../systems/index.ts";
import type { TrainEvent } from "../../train/event.ts";
import { fit } from "../../train/index.ts";
import { fitSubject } from "../fit-subject.ts";
import { samplePictures } from "../sample-pictures.ts";
import { bounds } from "./bounds.ts";
import { samplesStrip } from "./samples-strip.ts";

test("a fit of a latent model shows its bounds against k, rate against distortion, and samples on the way", async () => {
  const ising = createSystem("ising", { shape: [3, 3], beta: 0.4 });
  const { dataset } = await simulate(ising, { samples: 600, seed: 1 });
  const model = createModel("vae", { space: dataset.space }, { latent: 2, hidden: 8 });
  const events: TrainEvent[] = [];
  const picture = samplePictures(model, 1);
  const fitted = (await fit(
    model,
    dataset,
    { epochs: 8, schedule: "cosine", seed: 1 },
    { ...(picture && { picture }) },
  ).result((event) => {
    events.push(event);
  })) as FittedBounded;
  const subject = fitSubject(fitted, dataset, { events });
  expect([bounds.applies(subject), samplesStrip.applies(subject)]).toEqual([true, true]);
  const { figures = [] } = await bounds.look(subject, {});
  const score = await subject.score({});
  expect(score.kind === "bounded" && score.curve?.map(({ draws }) => draws)).toEqual([
    1, 2, 5, 10, 20, 50, 100, 200,
  ]);
  const [curve, plane] = figures;
  expect([curve?.name, plane?.name]).toEqual(["bound-curve", "rate-distortion"]);
  // A point for each k, with crosses at the exact entropy; a ring for each epoch, and the scored rows.
  const marks = (svg = "", name: string) =>
    (new RegExp(`class="${name}"[^>]*>(.*?)</g>`, "s").exec(svg)?.[1]?.match(/<(circle|path)/g) ?? []).length;
  expect([marks(curve?.svg, "model"), marks(curve?.svg, "exact")]).toEqual([8, 8]);
  expect([marks(plane?.svg, "data"), marks(plane?.svg, "model")]).toEqual([8, 1]);
  const strip = await samplesStrip.look(subject, {});
  expect(strip.figures?.[0]?.caption).toContain("after epochs 1, 2, 4, 8 of its training");
  expect(samplesStrip.applies({ ...subject, events: events.slice(0, 3) })).toBe(false);
  const exactly = await scoreBounded(fitted, dataset, { draws: 1 });
  expect(exactly.curve).toHaveLength(1);
  await fitted.release();
});
