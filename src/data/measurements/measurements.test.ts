import { describe, expect, it } from "vitest";
import { takeRows } from "../../array.ts";
import { informationallyComplete, requireComplete } from "./complete.ts";
import { readConfusion, uniformConfusion } from "./confusion.ts";
import { countTable, outcomeCounts, shotsOfSettings } from "./counts.ts";
import { fromDataset, holdsMeasurements, toDataset } from "./dataset.ts";
import { makeMeasurements } from "./make.ts";
import { mirrored, reorder } from "./reorder.ts";
import { allPauliNames } from "./setting.ts";
import { heldOutShots, takeShots } from "./split.ts";

const tilted = [0.6, 0, 0.8, 0, 1, 0];
const small = () =>
  makeMeasurements(
    {
      qubits: 2,
      bits: [0, 1, 1, 1, 0, 1, 1, 0, 0, 0],
      setting: [0, 1, 0, 2, 2],
      settings: ["xz", "ZZ", tilted, "YY"],
      confusion: [0.9, 0.2, 0.1, 0.8, 1, 0, 0, 1],
    },
    "small",
  );

/** Every Pauli setting in a different number of shots, all of one outcome. */
const full = (qubits: number, without: readonly string[] = []) => {
  const settings = allPauliNames(qubits);
  const setting = settings.flatMap((name, s) => (without.includes(name) ? [] : Array(20 + s).fill(s)));
  return makeMeasurements(
    { qubits, bits: new Uint8Array(setting.length * qubits), setting, settings },
    "full",
  );
};

describe("making measurements", () => {
  it("names Pauli settings in capitals and others by number, and keeps those without shots", () => {
    const { settings, setting } = small();
    expect(settings.map(({ name }) => name)).toEqual(["XZ", "ZZ", "[2]", "YY"]);
    expect([...settings[0]!.axes]).toEqual([1, 0, 0, 0, 0, 1]);
    expect([...setting]).toEqual([0, 1, 0, 2, 2]);
    expect([...shotsOfSettings(small())]).toEqual([2, 1, 2, 0]);
  });

  it("takes equal settings for one, axes along X, Y and Z for letters", () => {
    const made = makeMeasurements(
      { qubits: 1, bits: [0, 1, 0, 0], settings: ["X", [1, 0, 0], "x", [0, 0, 1]] },
      "one",
    );
    expect(made.settings.map(({ name }) => name)).toEqual(["X", "Z"]);
    expect([...made.setting]).toEqual([0, 0, 0, 1]);
  });

  it.each([
    [{ qubits: 2, bits: [0, 2], settings: ["XX"] }, "m: row 0, column 1 is 2; an outcome is 0 or 1"],
    [{ qubits: 2, bits: [0, 1, 1], settings: ["XX"] }, "3 bits are no whole number of shots of 2 qubits"],
    [{ qubits: 2, bits: [0, 1], settings: ["XX", "XY"] }, "has 1 shots, but settings of 2"],
    [{ qubits: 2, bits: [0, 1], settings: ["XA"] }, 'setting 0, qubit 1: "A" is no basis; give X, Y or Z'],
    [{ qubits: 2, bits: [0, 1], settings: ["XI"] }, "I is no basis, since every qubit is measured"],
    [{ qubits: 2, bits: [0, 1], settings: ["XXX"] }, "setting 0 (XXX) has 3 axes; a shot has 2 bits"],
    [
      { qubits: 1, bits: [0], settings: [[0.6, 0, 0.80001]] },
      "setting 0, qubit 0: the axis (0.6, 0, 0.80001) has the length 1.000008; an axis is a unit vector",
    ],
    [{ qubits: 1, bits: [0], settings: [[Number.NaN, 0, 1]] }, "has the length NaN"],
    [{ qubits: 1, bits: [0], setting: [3], settings: ["X"] }, "shot 0 is of setting 3; settings are 0 to 0"],
    [
      { qubits: 1, bits: [0], settings: ["X"], confusion: [0.9, 0.1, 0.2, 0.9] },
      "readout confusion of qubit 0: given the true bit 0, 0 is read with probability 0.9 and 1 with 0.2",
    ],
    [{ qubits: 2, bits: [0, 0], settings: ["XX"], confusion: [1, 0, 0, 1] }, "so 8 numbers, not 4"],
  ])("refuses %j in a line", (parts, message) => {
    expect(() => makeMeasurements(parts, "m")).toThrow(message);
  });

  it("reads a readout confusion of all qubits or of each", () => {
    expect(readConfusion("[[0.9, 0.2], [0.1, 0.8]]", 2, "c")).toEqual(uniformConfusion(2, 0.1, 0.2));
    expect(() => readConfusion("[[0.9, 0.1], [0.2, 0.8]]", 1, "c")).toThrow("must be 0 or more and sum to 1");
    expect(() => readConfusion('[["a"]]', 1, "c")).toThrow('c: holds "a"');
    expect(() => readConfusion("{", 1, "c")).toThrow("c: is not JSON");
  });
});

describe("the order of qubits", () => {
  it("mirrors bits, axes, names and confusion, twice back to the same", () => {
    const turned = reorder(small(), "last");
    expect([...turned.bits]).toEqual([1, 0, 1, 1, 1, 0, 0, 1, 0, 0]);
    expect(turned.settings.map(({ name }) => name)).toEqual(["ZX", "ZZ", "[2]", "YY"]);
    expect([...turned.settings[2]!.axes]).toEqual([0, 1, 0, 0.6, 0, 0.8]);
    expect([...turned.confusion!]).toEqual([1, 0, 0, 1, 0.9, 0.2, 0.1, 0.8]);
    expect(mirrored(turned)).toEqual(small());
    expect(reorder(small(), "first")).toEqual(small());
  });
});

describe("counts", () => {
  it("are of distinct outcomes, and in a table of all, 0 included", () => {
    const { bits, setting, count } = outcomeCounts(small());
    expect([[...bits], [...setting], [...count]]).toEqual([
      [0, 1, 1, 1, 0, 0, 1, 0],
      [0, 1, 2, 2],
      [2, 1, 1, 1],
    ]);
    expect([...countTable(small())]).toEqual([0, 2, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0]);
    const wide = makeMeasurements({ qubits: 40, bits: Array(40).fill(1), settings: ["Z".repeat(40)] }, "w");
    expect(() => countTable(wide)).toThrow("too many for a table");
  });
});

describe("informational completeness", () => {
  it("needs every Pauli setting, with shots", () => {
    expect(informationallyComplete(full(3))).toEqual({
      complete: true,
      rank: 64,
      missing: { count: 0, first: [] },
    });
    // Of the strings only XY itself is lost: its letters alone are in other settings.
    expect(informationallyComplete(full(2, ["XY"]))).toEqual({
      complete: false,
      rank: 15,
      missing: { count: 1, first: ["XY"] },
    });
    expect(() => requireComplete(full(2, ["XY"]))).toThrow("1 of 9 Pauli settings have no shots (XY)");
  });

  it("of general axes is the rank of what they measure", () => {
    const axes = (n: number) =>
      Array.from({ length: n }, (_, i) => [Math.cos(i), Math.sin(i), 0].map((v) => v));
    const third = [0.48, 0.6, 0.64];
    const pairs = [...axes(2), third].flatMap((a) => [...axes(2), third].map((b) => [...a, ...b]));
    const made = (settings: number[][], qubits: number) =>
      makeMeasurements({ qubits, bits: Array(settings.length * qubits).fill(0), settings }, "axes");
    expect(informationallyComplete(made(pairs, 2))).toMatchObject({ complete: true, rank: 16 });
    // All axes of a plane: 2 of 3 directions each.
    expect(informationallyComplete(made(axes(9), 1))).toMatchObject({ complete: false, rank: 3 });
    // Pauli axes turned by one rotation each leave as many operators unmeasured as the letters would.
    expect(informationallyComplete(made(pairs.slice(1), 2))).toMatchObject({ complete: false, rank: 15 });
  });
});

describe("held-out shots", () => {
  it("are a share of each setting to within one shot, and others for another seed", () => {
    const all = full(3);
    const { kept, held } = heldOutShots(all, 0.2, 1);
    expect([...kept, ...held].sort((a, b) => a - b)).toEqual([...all.setting.keys()]);
    const [total, out] = [shotsOfSettings(all), shotsOfSettings(takeShots(all, held))];
    total.forEach((n, s) => {
      expect(Math.abs(out[s]! - 0.2 * n)).toBeLessThanOrEqual(1);
    });
    expect(heldOutShots(all, 0.2, 2).held).not.toEqual(held);
    expect(heldOutShots(all, 0.2, 1).held).toEqual(held);
  });
});

describe("datasets of measurements", () => {
  it("have labels of letters as context, and give back the same measurements", () => {
    const pauli = full(2, ["XY"]);
    const dataset = toDataset(pauli, { seed: 3 });
    expect(dataset.contextSpace).toEqual({ kind: "categorical", shape: [2], states: 3 });
    expect(dataset.splits.how).toBe("80/10/10 at random within each setting");
    expect(holdsMeasurements(dataset)).toBe(true);
    expect(fromDataset(dataset)).toEqual(pauli);
    const { test } = dataset.splits;
    expect(fromDataset(dataset, test)).toEqual(takeShots(pauli, test));
    const [total, held] = [shotsOfSettings(pauli), shotsOfSettings(takeShots(pauli, test))];
    total.forEach((n, s) => {
      expect(Math.abs(held[s]! - 0.1 * n)).toBeLessThanOrEqual(1);
    });
    // Rows that a model drew say nothing of themselves: settings are those that they have.
    const { meta: _, ...drawn } = {
      ...dataset,
      x: takeRows(dataset.x, test),
      context: takeRows(dataset.context!, test),
    };
    expect(shotsOfSettings(fromDataset(drawn)).every((n) => n > 0)).toBe(true);
  });

  it("have axes as context where some are no letters", () => {
    const dataset = toDataset(small());
    expect(dataset.contextSpace).toEqual({ kind: "real", shape: [2, 3] });
    expect(fromDataset(dataset)).toEqual(small());
    const { meta: _, ...bare } = dataset;
    const settings = fromDataset(bare).settings;
    expect(settings).toHaveLength(3);
    settings[2]!.axes.forEach((value, i) => {
      expect(value).toBeCloseTo(tilted[i]!, 7);
    });
  });
});
