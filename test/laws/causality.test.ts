import { expect, test } from "vitest";
import { takeRows } from "../../src/array.ts";
import { sites, stateCount } from "../../src/data/space.ts";
import { freeze, modelRows } from "../../src/models/arrays.ts";
import type { Autoregressive } from "../../src/models/contract.ts";
import { jit } from "../../src/runtime/jit.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import { cases, contextOf, disturbed, everyConfiguration } from "./exact-models.ts";

/** Configurations whose every site is changed to every value. */
const BASES = 3;
/** Rounding in single precision; a conditional that looks ahead is off by orders of magnitude more. */
const tolerance = 2e-5;

test.each(cases)("conditionals see nothing but what comes before: $name", async (c) => {
  const model = c.make();
  const parameters = disturbed(model);
  const { orders, siteLogProb } = model.autoregressive as Autoregressive;
  const all = everyConfiguration(c);
  const [n, k] = [sites(c.space), stateCount(c.space) as number];
  const count = all.shape[0] as number;
  // Row (base, site, value): the base with that value at the site.
  const rows = Uint32Array.from({ length: BASES * n * k }, (_, row) => {
    const base = Math.floor(((Math.floor(row / (n * k)) + 0.5) * count) / BASES);
    const [site, value] = [Math.floor(row / k) % n, row % k];
    return base + (value - (Math.floor(base / k ** site) % k)) * k ** site;
  });
  const x = modelRows(c.space, takeRows(all, rows), 0, rows.length);
  const context = contextOf(c, rows.length);
  for (const [member, order] of orders.entries()) {
    const f = jit((x: Tensor, context?: Tensor) => siteLogProb(freeze(parameters), x, member, context));
    const { data } = await (context ? f(x, context) : f(x));
    await f.release();
    const positions = new Uint32Array(n);
    order.forEach((site, position) => {
      positions[site] = position;
    });
    let [leak, heard] = [0, 0];
    for (let base = 0; base < BASES; base++)
      for (let j = 0; j < n; j++) {
        const at = (value: number, site: number) => data[((base * n + j) * k + value) * n + site] as number;
        let total = 0;
        for (let value = 0; value < k; value++) {
          total += Math.exp(at(value, j));
          for (let i = 0; i < n; i++) {
            const change = Math.abs(at(value, i) - at(0, i));
            if ((positions[i] as number) < (positions[j] as number)) leak = Math.max(leak, change);
            if ((positions[i] as number) > (positions[j] as number)) heard = Math.max(heard, change);
          }
        }
        // Were the site's own output to see its value, its probabilities would not sum to 1.
        expect(Math.abs(total - 1)).toBeLessThan(tolerance);
      }
    expect(leak).toBeLessThan(tolerance);
    expect(heard).toBeGreaterThan(0.01);
  }
});
