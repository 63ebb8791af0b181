/** Runs a fit or a solve to its end and returns the model; `reader` sees every event. */
export async function finish<E, M>(training: AsyncGenerator<E, M>, reader?: (event: E) => void): Promise<M> {
  for (;;) {
    const next = await training.next();
    if (next.done) return next.value;
    reader?.(next.value);
  }
}
