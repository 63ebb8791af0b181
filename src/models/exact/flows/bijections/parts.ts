import type { Bijection } from "../bijection.ts";

/**
 * Returns masks and decay of bijections with parameters in a list called `name`, by path: `name.0.weight`.
 */
export function partsOf(name: string, parts: readonly Bijection[]): Pick<Bijection, "masks" | "decays"> {
  const masks = parts.flatMap((part, i) =>
    Object.entries(part.masks ?? {}).map(([path, mask]) => [`${name}.${i}.${path}`, mask] as const),
  );
  return {
    ...(masks.length > 0 && { masks: Object.fromEntries(masks) }),
    decays(path) {
      const [own, index, ...rest] = path.split(".");
      return (own === name ? parts[Number(index)]?.decays?.(rest.join(".")) : undefined) ?? true;
    },
  };
}
