import { expect, it } from "vitest";
import { divergence } from "./diverged.ts";

const by = { name: "NLL", unit: "nats", sites: 4 } as const;
const first = { value: 4, error: 0.1 };

it("says nothing of a fit that gained, or lost no more than chance", () => {
  expect(divergence({ first, kept: 3, last: 3.5 }, by)).toBeUndefined();
  expect(divergence({ first, kept: 4.2, last: 4.2 }, by)).toBeUndefined();
});

it("tells kept parameters that are worse than fresh ones from a last step that is", () => {
  expect(divergence({ first, kept: 400, last: 500 }, by)).toMatch(
    /diverged: the validation NLL per site is 100,/,
  );
  expect(divergence({ first, kept: 3, last: 500 }, by)).toMatch(
    /ended at 125, above 1\.00 ± 0\.03 .* kept \(0\.75\)/,
  );
});

it("takes any rise as worse where the error is unknown, and tells numbers without a unit as they are", () => {
  const text = divergence(
    { first: { value: 1, error: Number.NaN }, kept: 2, last: 2 },
    { name: "loss", sites: 4 },
  );
  expect(text).toContain("loss is 2,");
});
