const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `text` with the control characters that XML forbids (all but tab and line breaks) turned into U+FFFD. */
export function withoutControls(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, "\ufffd");
}

/** Returns `text` escaped for HTML or SVG, as content or inside a quoted attribute. */
export function escapeMarkup(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (c) => entities[c]!);
}
