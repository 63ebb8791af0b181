/** Entries of a document with errors that hold whether or not a single state explains the shots. */
const kept: readonly string[] = ["goodnessOfFit", "nllPerShot", "heldOutNllPerShot", "compared"];

/** A study's document without the errors of its numbers (NaN, null in JSON): for shots that no single state explains. */
export function withoutErrors(
  document: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, kept.includes(key) ? value : stripped(value)]),
  );
}

function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stripped);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [key, key === "error" ? Number.NaN : stripped(own)]),
  );
}
