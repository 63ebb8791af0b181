/** The name of a figure about one of several quantities, fit for a file: `observable-absmagnetisation`. */
export function figureName(kind: string, quantity: string): string {
  const plain = quantity
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${kind}-${plain || "unnamed"}`;
}
