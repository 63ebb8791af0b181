/** Rounds running that something must show in: the first ones of most games are one-sided. */
const RUNNING = 3;
/** Samples that differ by less than this share of what rows of data do are few different ones. */
const COLLAPSED = 0.5;
/** The share of rows that a discriminator tells apart from which on it gives no direction. */
const SURE = 0.99;

/** What can go wrong in a game, by the mean parts of a round, and what helps. */
const signs: readonly (readonly [part: string, shows: (value: number) => boolean, text: string])[] = [
  [
    "spread",
    (spread) => spread < COLLAPSED,
    "samples differ from each other by less than half of what rows of data do: the generator has collapsed to few rows; " +
      "raise r1, or lower the learning rate (--lr)",
  ],
  [
    "accuracy",
    (accuracy) => accuracy > SURE,
    "the discriminator tells data from samples in 99 of 100 rows, so the generator learns little: raise r1, lower rateRatio, or " +
      "give the discriminator fewer units; with few rows take diffAugment",
  ],
];

/** A watcher of the rounds of one game: the warnings of those signs that have shown for some rounds. */
export function ganWarnings(): (losses: Readonly<Record<string, number>>) => readonly string[] {
  const running = new Map<string, number>();
  return (losses) =>
    signs.flatMap(([part, shows, text]) => {
      const value = losses[part];
      const count = value !== undefined && shows(value) ? (running.get(part) ?? 0) + 1 : 0;
      running.set(part, count);
      return count >= RUNNING ? [text] : [];
    });
}
