/** Version of what the folder of a simulation holds. */
const latest = 2;

/** Returns the text of a simulation's `request.json`, in a version of the folder. */
export const requestText = (request: object, version = latest): string =>
  JSON.stringify({ version, ...request });

/** The first field in which two texts of requests differ, in words; undefined if the first is no such text. */
export function difference(before: string, now: string): string | undefined {
  const [a, b] = [jsonOf(before), jsonOf(now) ?? {}];
  if (!a) return undefined;
  const key = Object.keys({ ...b, ...a }).find(
    (name) => name !== "version" && JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  );
  if (key === undefined) return "of another version";
  const shown = (value: unknown) => {
    const text = JSON.stringify(value) ?? "none";
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
  };
  return `${key} ${shown(a[key])}, not ${shown(b[key])}`;
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
