/** Braces and strings of JSON; a string with a colon after it is a key. */
const tokens = /[{}]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;

/**
 * The path of the first key that its object in a valid JSON text holds twice; undefined if there is none.
 * `JSON.parse` keeps the last of them and says nothing.
 */
export function repeatedKey(json: string): readonly string[] | undefined {
  const open: { readonly keys: Set<string>; last: string }[] = [];
  for (const [token, text, colon] of json.matchAll(tokens)) {
    if (token === "{") open.push({ keys: new Set(), last: "" });
    else if (token === "}") open.pop();
    else if (colon !== undefined) {
      const own = open.at(-1)!;
      own.last = JSON.parse(text!) as string;
      if (own.keys.has(own.last)) return open.map(({ last }) => last);
      own.keys.add(own.last);
    }
  }
  return undefined;
}
