import { describe, expect, it } from "vitest";
import type { NumberRow } from "./report.ts";
import { markdownTable, textTable } from "./table.ts";

const rows: NumberRow[] = [
  { name: "E/N (J)", estimate: { value: -1.4531, error: 0.0004 }, reference: { value: -1.453065 } },
  {
    name: "⟨|m|⟩",
    estimate: { value: 0.737, error: 0.003 },
    reference: { value: 0.741, error: 0.004, source: "Monte Carlo" },
    note: "1000 samples",
  },
  { name: "ESS", estimate: { value: 0.94, error: Number.NaN } },
];

describe("numbers table", () => {
  it("lines up in a terminal", () => {
    expect(textTable(rows)).toBe(
      [
        "quantity  estimate          reference                    difference  note",
        "────────  ────────────────  ───────────────────────────  ──────────  ────────────",
        "E/N (J)   −1.4531 ± 0.0004  −1.453065 (exact)            −0.1 σ",
        "⟨|m|⟩     0.737 ± 0.003     0.741 ± 0.004 (Monte Carlo)  −0.8 σ      1000 samples",
        "ESS       0.94 ± unknown    –                            –",
      ].join("\n"),
    );
  });

  it("leaves out columns that nothing fills", () => {
    expect(textTable([rows[2]!]).split("\n")[0]).toBe("quantity  estimate");
    expect(textTable([])).toBe("no numbers");
    expect(markdownTable([])).toBe("no numbers");
  });

  it("does not let names move the cursor or break the table", () => {
    const hostile = { ...rows[2]!, name: "a\u001b[31m\nb|`*<x>" };
    expect(textTable([hostile])).not.toContain("\u001b");
    expect(textTable([hostile]).split("\n")).toHaveLength(3);
    const markdown = markdownTable([hostile]).split("\n");
    expect(markdown).toHaveLength(3);
    expect(markdown[2]).toContain("b\\|\\`\\*\\<x\\>");
  });

  it("does not divide by an error of zero", () => {
    const exact = { name: "P", estimate: { value: 1, error: 0 }, reference: { value: 0.5 } };
    expect(textTable([exact])).toContain("0.5 (exact)");
    expect(textTable([exact])).not.toContain("σ");
  });
});
