import { sizeOf } from "../array.ts";
import { inputError, usageError } from "../error.ts";
import { type Encoding, findEncoding, inferEncoding, plainEncoding } from "./encoding.ts";
import type { DatasetMeta } from "./meta.ts";
import type { Part } from "./parts.ts";
import { binary, parseSpace, type Space, siteShape } from "./space.ts";

/**
 * Returns the space and encoding of rows: as requested, else from the file, else inferred from the values.
 * Throws input errors for rows that do not fit it or one another.
 */
export function resolveSpace(
  parts: readonly Part[],
  options: { readonly space?: string | Space | undefined; readonly shape?: readonly number[] | undefined },
  meta: DatasetMeta | undefined,
): { space: Space; encoding: Encoding } {
  const [first, ...others] = parts;
  if (!first) throw usageError("a dataset needs the array x, or train");
  const sites = sizeOf(first.raw.shape.slice(1));
  for (const { raw, name } of others)
    if (sizeOf(raw.shape.slice(1)) !== sites)
      throw inputError(
        `${name}: rows have ${sizeOf(raw.shape.slice(1))} sites; those of ${first.name} have ${sites}`,
      );
  const asked = options.space ?? meta?.space;
  const known = typeof asked === "object" ? asked : meta?.space;
  const shape = options.shape ?? (known ? siteShape(known) : first.raw.shape.slice(1));
  if (sizeOf(shape) !== sites)
    throw inputError(
      `${first.name}: rows have ${sites} sites; the shape ${shape.join("x")} has ${sizeOf(shape)}`,
    );
  if (asked === undefined) {
    const found = parts.map((part) => inferEncoding(part.raw, part.name));
    return { space: binary(shape), encoding: common(parts, found) };
  }
  const named = typeof asked === "string" ? parseSpace(asked, shape) : asked;
  const space: Space = named.kind === "sequence" ? named : { ...named, shape };
  if (meta && options.space === undefined) return { space, encoding: meta.encoding };
  if (space.kind !== "binary") return { space, encoding: plainEncoding(space) };
  return {
    space,
    encoding: common(
      parts,
      parts.map((part) => findEncoding(part.raw)),
    ),
  };
}

/** The one encoding of all parts; parts that hold only 1s fit either. */
function common(parts: readonly Part[], found: readonly ("01" | "pm1" | undefined)[]): "01" | "pm1" {
  const bits = found.indexOf("01");
  const spins = found.indexOf("pm1");
  if (bits >= 0 && spins >= 0)
    throw inputError(
      `${parts[spins]?.name}: holds spins of -1 and +1, but ${parts[bits]?.name} holds 0s and 1s; write both alike`,
    );
  return spins >= 0 ? "pm1" : "01";
}
