import { Key } from "../random/key.ts";
import { fillUniform } from "../random/uniform.ts";
import { type ShallowNetwork, type ShallowRows, ShallowSampler } from "./shallow.ts";

/**
 * A message to a worker that draws: once the network and the maximum number of rows of a call, then what to
 * draw.
 */
export type ShallowRequest =
  | { readonly type: "network"; readonly network: ShallowNetwork; readonly rows: number }
  | {
      readonly type: "draw";
      readonly rows: number;
      /** The words of the key of the uniform numbers. */
      readonly key: readonly [number, number];
      readonly temperature: number;
    };

/** What it answers, request by request: the rows, or why there are none. */
export type ShallowAnswer = { readonly drawn: ShallowRows } | { readonly failed: string };

/** The worker's side. */
export function shallowAnswers(): (request: ShallowRequest) => ShallowAnswer | undefined {
  let sampler: ShallowSampler | undefined;
  return (request) => {
    try {
      if (request.type === "network") {
        sampler = new ShallowSampler(request.network, request.rows);
        return undefined;
      }
      const key = new Key(...request.key);
      const drawn = sampler?.draw(request.rows, (u) => fillUniform(key, u), request.temperature);
      if (!drawn) return { failed: "a worker was asked for rows of no network" };
      return { drawn: { x: drawn.x.slice(), logProb: drawn.logProb.slice() } };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  };
}
