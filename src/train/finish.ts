import type { FitEvent } from "./events.ts";

/** Runs a fit to its end and returns the fitted model; `reader` sees every event. */
export async function finish<M>(
  fit: AsyncGenerator<FitEvent, M>,
  reader?: (event: FitEvent) => void,
): Promise<M> {
  for (;;) {
    const next = await fit.next();
    if (next.done) return next.value;
    reader?.(next.value);
  }
}
