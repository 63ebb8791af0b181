/** Steps of a training that only seconds limit. */
export const unlimitedSteps = Number.MAX_SAFE_INTEGER;
