/**
 * Does items 0 … `count` − 1 in lanes: lane 0 is this thread, every other a worker, at which two items wait so that it need
 * not wait for this thread. Stops taking items when one fails, and throws what it threw.
 */
export async function inLanes(
  count: number,
  lanes: number,
  work: (item: number, lane: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (number: number) => {
    try {
      for (let item = next++; item < count; item = next++) {
        await work(item, number);
        // Work of this thread holds up the event loop, which brings what the workers have done.
        if (lanes > 1 && number === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      }
    } catch (error) {
      next = count;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: 2 * lanes - 1 }, (_, i) => lane(Math.ceil(i / 2))));
}
