type Options = Readonly<Record<string, unknown>>;

/** Splits options of several fits: those that are equal in all, and those of each. */
export function sharedOptions(all: readonly Options[]): {
  readonly shared: Options;
  readonly own: Options[];
} {
  const texts = all.map(
    (options) => new Map(Object.entries(options).map(([k, v]) => [k, JSON.stringify(v)])),
  );
  const isShared = (key: string) => new Set(texts.map((text) => text.get(key))).size === 1;
  const pick = (options: Options = {}, shared: boolean) =>
    Object.fromEntries(Object.entries(options).filter(([key]) => isShared(key) === shared));
  return { shared: pick(all[0], true), own: all.map((options) => pick(options, false)) };
}
