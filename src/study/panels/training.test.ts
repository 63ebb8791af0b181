import { expect, it } from "vitest";
import { binary, real, type Space } from "../../data/space.ts";
import type { Measure } from "../../train/measure.ts";
import type { FitSubject } from "../fit-subject.ts";
import { training } from "./training.ts";

/** The figure of a fit on `space` that was watched by a measure of value 2 over two epochs. */
async function figureOf(space: Space, watched: string, traits: Partial<Measure>, entropyPerSite?: number) {
  const rest = { step: 1, losses: {}, best: true, lr: 0.1, seconds: 1 };
  const round = (round: number) => {
    const measure = { value: 2 / round, error: 0.1, ...traits };
    return { type: "round", round, measures: { [watched]: measure }, ...rest };
  };
  const events = [{ type: "start", watched }, round(1), round(2)];
  const score = async () => ({ entropyPerSite });
  const fitted = { model: { kind: "exact", space } };
  const subject = { fitted, dataset: { space }, events, score } as unknown as FitSubject;
  const [figure] = (await training.look(subject, {})).figures ?? [];
  return { caption: figure?.caption ?? "", svg: figure?.svg ?? "" };
}

it("calls what is counted in nats per site, and nothing else", async () => {
  const nats = await figureOf(binary([4]), "NLL", { unit: "nats" });
  expect(nats.caption).toBe("NLL per site (nats) against epochs.");
  const score = await figureOf(real([4]), "energy score", {});
  expect(score.caption).toBe("energy score against epochs.");
  expect(score.svg).toContain("energy score");
  expect(score.svg).not.toContain("per site");
});

it("says of a bound that it is one, above the exact entropy", async () => {
  const bound = await figureOf(binary([4]), "NLL", { unit: "nats", bound: "upper" }, 0.2);
  expect(bound.caption).toMatch(/^Upper bound of the negative log-likelihood per site against epochs; the/);
  const exact = await figureOf(binary([4]), "NLL", { unit: "nats" }, 0.2);
  expect(exact.caption).toMatch(/^Negative log-likelihood per site against epochs; the/);
});
