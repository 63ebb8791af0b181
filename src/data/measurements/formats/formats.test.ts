import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { arrayFrom } from "../../../array.ts";
import { makeDataset } from "../../dataset.ts";
import { writeNpy } from "../../formats/npy.ts";
import { writeNpyText } from "../../formats/npy-text.ts";
import { readNpz } from "../../formats/npz.ts";
import { countTable, shotsOfSettings } from "../counts.ts";
import { fromDataset } from "../dataset.ts";
import { makeMeasurements } from "../make.ts";
import type { Measurements } from "../measurements.ts";
import { type ReadMeasurementsOptions, readMeasurements } from "../read.ts";
import { readAmplitudes, readDensity } from "./amplitudes.ts";
import { writeMeasurements } from "./write.ts";

const text = (name: string, content: string) => ({ name, bytes: strToU8(content) });
const npy = (name: string, shape: number[], values: number[]) => ({
  name,
  bytes: writeNpy(arrayFrom("i32", shape, values)),
});
const npz = (entries: Record<string, Uint8Array>) => ({
  name: "a.npz",
  bytes: zipSync(Object.fromEntries(Object.entries(entries).map(([key, bytes]) => [`${key}.npy`, bytes]))),
});
const ints = (shape: number[], values: number[]) => writeNpy(arrayFrom("i32", shape, values));
const words = (...all: string[]) => writeNpyText({ shape: [all.length], words: all });

/** Shots as words: `XZ:01`. */
const shown = ({ qubits, bits, setting, settings }: Measurements) =>
  Array.from(
    setting,
    (s, i) => `${settings[s]!.name}:${[...bits.subarray(i * qubits, (i + 1) * qubits)].join("")}`,
  );
const read = (...call: Parameters<typeof readMeasurements>) => shown(readMeasurements(...call).measurements);

/** The same four shots in every format. */
const shots = ["XZ:01", "XZ:11", "ZY:00", "YY:10"];
const data = text("data.txt", "0 1 \n1 1\n\n0 0\n1 0\n");
const bases = text("bases.txt", "X Z \nxz\nZ Y\nY Y\n");
const counts = (content: unknown) => text("counts.json", JSON.stringify(content));
const bits = ints([4, 2], [0, 1, 1, 1, 0, 0, 1, 0]);

describe("formats of measurements", () => {
  it.each<[string, { name: string; bytes: Uint8Array }, ReadMeasurementsOptions?]>([
    ["QuCumber's text", data, { bases }],
    ["AQT's outcomes", npy("a.npy", [4, 2], [1, 3, 4, 3, 0, 2, 5, 2]), { povm: "pauli6" }],
    ["outcomes in another order", npy("a.npy", [4, 2], [0, 5, 3, 5, 2, 1, 4, 1]), { povm: "pauli6:XYZ" }],
    ["classical shadows", text("s.txt", "2\nX 1 Z -1\nX -1 Z -1\nZ 1 Y 1\nY -1 Y 1\n")],
    [
      "PennyLane's two files",
      { name: "b.npy", bytes: bits },
      { bases: npy("r.npy", [4, 2], [0, 2, 0, 2, 2, 1, 1, 1]) },
    ],
    ["PennyLane's arrays", npz({ bits, recipes: ints([4, 2], [0, 2, 0, 2, 2, 1, 1, 1]) })],
    [
      "counts",
      counts({ xz: { "01": 1, "1 1": 1 }, "Z Y": { "00": 1 }, "('Y', 'Y')": { "0x2": 1 } }),
      { order: "first" },
    ],
    [
      "counts, the right-most first",
      counts({ ZX: { "10": 1, "0x3": 1 }, yz: { "00": 1 }, YY: { "01": 1, "11": 0 } }),
      { order: "last" },
    ],
    [
      "counts with settings in the other order",
      counts({ XZ: { "10": 1, "11": 1 }, ZY: { "00": 1 }, YY: { "01": 1 } }),
      { order: "last", settingsOrder: "first" },
    ],
    [
      "arrays with a word for each shot",
      npz({ bits, settings: words("XZ", "XZ", "ZY", "YY") }),
      { order: "first" },
    ],
    [
      "arrays that say their order",
      npz({
        bits,
        settings: words("XZ", "XZ", "ZY", "YY"),
        order: writeNpyText({ shape: [], words: ["first"] }),
      }),
    ],
    [
      "arrays with the place of each shot's setting",
      npz({ bits, setting: ints([4], [0, 0, 1, 2]), settings: words("XZ", "ZY", "YY") }),
      { order: "first" },
    ],
    [
      "packed bytes of SamplerV2",
      npz({
        bits: writeNpy(arrayFrom("u8", [4, 1], [2, 3, 0, 1])),
        num_bits: ints([], [2]),
        settings: words("ZX", "ZX", "YZ", "YY"),
      }),
      { order: "last" },
    ],
    [
      "letters one by one",
      npz({ bits, settings: writeNpyText({ shape: [4, 2], words: [..."XZXZZYYY"] }) }),
      { order: "first" },
    ],
    [
      "bits of a .npy with words",
      { name: "b.npy", bytes: bits },
      { order: "first", bases: { name: "w.npy", bytes: words("XZ", "XZ", "ZY", "YY") } },
    ],
    [
      "an array for each setting",
      npz({ XZ: ints([2, 2], [0, 1, 1, 1]), ZY: ints([1, 2], [0, 0]), YY: ints([1, 2], [1, 0]) }),
      { order: "first" },
    ],
  ])("reads %s", (_, file, options) => {
    expect(read(file, options)).toEqual(shots);
  });

  it("reads arrays of settings by shots, axes of any direction, and one setting of all shots", () => {
    const axes = writeNpy(arrayFrom("f64", [2, 1, 3], [0.6, 0, 0.8, 0, 0, 1]));
    const file = npz({ bits: ints([2, 3, 1], [0, 1, 1, 0, 0, 1]), settings: axes });
    const { measurements } = readMeasurements(file);
    expect(shown(measurements)).toEqual(["[0]:0", "[0]:1", "[0]:1", "Z:0", "Z:0", "Z:1"]);
    expect([...measurements.settings[0]!.axes]).toEqual([0.6, 0, 0.8]);
    expect(read(data, { settings: "Z" })).toEqual(["ZZ:01", "ZZ:11", "ZZ:00", "ZZ:10"]);
    expect(read({ name: "c.npy", bytes: bits }, { settings: "XZ", order: "last" })[0]).toBe("ZX:10");
  });

  it("keeps settings and outcomes without counts", () => {
    const { measurements } = readMeasurements(counts({ XX: {}, ZZ: { "00": 2, "11": 0 } }), {
      order: "last",
    });
    expect([...shotsOfSettings(measurements)]).toEqual([0, 2]);
    expect([...countTable(measurements)]).toEqual([0, 0, 0, 0, 2, 0, 0, 0]);
  });

  it("turns the confusion with the qubits", () => {
    const confusion = text("c.json", "[[[0.9, 0.2], [0.1, 0.8]], [[1, 0], [0, 1]]]");
    const last = readMeasurements(counts({ XX: { "00": 2 } }), { order: "last", confusion });
    expect([...last.measurements.confusion!]).toEqual([1, 0, 0, 1, 0.9, 0.2, 0.1, 0.8]);
  });

  it.each([
    ["XZ and ZY", ["XZ", "ZY", "YY"]],
    ["an axis of its own", ["XZ", [0.6, 0, 0.8, 0, -1, 0], "YY"]],
  ])("writes and reads back %s, for reading as rows too", (_, settings) => {
    const made = makeMeasurements(
      {
        qubits: 2,
        bits: [0, 1, 1, 1, 0, 0],
        setting: [0, 1, 1],
        settings,
        confusion: [1, 0.1, 0, 0.9, 1, 0, 0, 1],
      },
      "a.npz",
    );
    const meta = { system: { name: "ghz", parameters: { qubits: 2 } }, seed: 4 };
    const bytes = writeMeasurements(made, meta);
    const back = readMeasurements({ name: "a.npz", bytes });
    expect(back.measurements).toEqual(made);
    expect(back.meta).toMatchObject(meta);
    const dataset = makeDataset(readNpz(bytes, "a.npz"), "a.npz");
    expect(dataset.meta?.system).toEqual(meta.system);
    expect(fromDataset(dataset)).toEqual(made);
    expect(writeMeasurements(made, meta)).toEqual(bytes);
  });
});

describe("damaged measurements", () => {
  it("without an order are no rows of a dataset either", () => {
    const { bytes } = npz({ bits, settings: words("XZ") });
    expect(() => readNpz(bytes, "a.npz")).toThrow("write it anew by ansatz label a.npz --order last");
  });

  const order = "first";
  it.each<[{ name: string; bytes: Uint8Array }, ReadMeasurementsOptions, string]>([
    [data, { bases: text("b.txt", "X Z\nX Z\nZ Y\n") }, "b.txt: has the shape [3, 2]; data.txt has [4, 2]"],
    [
      data,
      { bases: text("b.txt", "X Z\nX A\n") },
      'b.txt: row 1 (line 2), column 1: "A" is no basis; give X, Y or Z',
    ],
    [data, { bases: text("b.txt", "X I\n") }, "b.txt: row 0 (line 1), column 1: I is no basis"],
    [
      data,
      { bases: text("b.txt", "X Z\nX Z Z\n") },
      "b.txt: row 1 (line 2) has 3 columns; the rows before it have 2",
    ],
    [data, {}, "does not say how its qubits were measured; give the file of letters as --bases"],
    [data, { settings: "XZX" }, "setting 0 (XZX) has 3 axes; a shot has 2 bits"],
    [data, { bases, settings: "Z" }, "--bases and --settings both say"],
    [data, { bases, order: "last" }, "lists qubit 0 first by its format; leave --order out"],
    [data, { povm: "pauli6" }, "--povm: data.txt: it is for .npy files"],
    [text("d.txt", "0 1\n0 2\n"), { bases }, 'd.txt: row 1 (line 2), column 1 is "2"; an outcome is 0 or 1'],
    [text("d.txt", "\n# none\n"), { bases }, "d.txt: holds no rows"],
    [text("s.txt", "2\nX 1 Z\n"), {}, "s.txt: row 0 (line 2) has 3 entries; 2 qubits have 4"],
    [text("s.txt", "2\nX 1 Z 0\n"), {}, 's.txt: row 0 (line 2), column 3 is "0"; an outcome is 1 or -1'],
    [text("s.txt", "2\nX 1 W 1\n"), {}, 's.txt: row 0 (line 2), column 2: "W" is no basis'],
    [
      npy("a.npy", [1, 2], [1, 6]),
      { povm: "pauli6" },
      "a.npy: row 0, column 1 is 6; an outcome of a Pauli-6",
    ],
    [
      npy("a.npy", [2], [1, 2]),
      { povm: "pauli6" },
      "a.npy: has the shape [2]; it must hold outcomes [shots, qubits]",
    ],
    [npy("a.npy", [1, 2], [1, 2]), { povm: "tetra" }, "--povm: 'tetra' is not known; give pauli6:ZXY"],
    [npy("a.npy", [1, 2], [1, 2]), { povm: "pauli6:ZZX" }, "--povm: 'pauli6:ZZX' is not known"],
    [npy("a.npy", [1, 2], [1, 0]), {}, "does not say how its qubits were measured"],
    [
      npy("a.npy", [1, 2], [1, 0]),
      { settings: "Z" },
      "does not say which qubit it lists first; give --order last",
    ],
    [
      npy("a.npy", [1, 2], [1, 4]),
      { settings: "Z", order },
      "a.npy: row 0, column 1 is 4; an outcome is 0 or 1",
    ],
    [
      counts({ XZ: { "00": 1 } }),
      {},
      "counts.json: does not say which qubit it lists first; give --order last if qubit 0 is right-most",
    ],
    [
      counts({ XZ: { "00": 1.5 } }),
      { order },
      'setting "XZ", outcome "00": the count is 1.5; counts are whole numbers',
    ],
    [counts({ XZ: { "00": -1 } }), { order }, "the count is -1; counts are whole"],
    [counts({ XZ: { "00": "3" } }), { order }, 'the count is "3"; counts are whole'],
    [
      counts({ XZ: { "000": 1 } }),
      { order },
      'outcome "000": has 3 bits, too many for the 2 qubits of its setting',
    ],
    [counts({ XZ: { "0x4": 1 } }), { order }, 'outcome "0x4": has 3 bits, too many'],
    [counts({ XZ: { "0": 1 } }), { order }, 'outcome "0": has 1 bits; its setting has 2 qubits'],
    [counts({ XZ: { "02": 1 } }), { order }, 'outcome "02": is neither bits, such as 011, nor hexadecimal'],
    [counts({ XQ: { "00": 1 } }), { order }, 'setting "XQ": "Q" is no basis'],
    [counts({ XX: {}, XXX: {} }), { order }, 'setting "XXX" has 3 letters; the settings before it have 2'],
    [counts({ XX: 3 }), { order }, 'setting "XX" holds 3; counts are'],
    [counts({ " ": { "0": 1 } }), { order }, "names no axes"],
    [counts([]), { order }, "counts.json: holds []"],
    [counts({}), { order }, "counts.json: holds no settings"],
    [text("c.json", "{"), { order }, "c.json: is not JSON"],
    [counts({ XX: { "00": 1e12 } }), { order, limits: { maxBytes: 1e9 } }, "needs 8.0 TB of memory"],
    [
      npz({ bits, settings: words("XZ", "ZY") }),
      { order },
      "(settings): has 2 settings; bits of shape [4, 2] need 4",
    ],
    [
      npz({ bits, settings: words("XZZ", "XZ", "ZY", "YY") }),
      { order },
      "(settings): setting 0 is 'XZZ', of 3 letters; bits have 2",
    ],
    [
      npz({ bits, settings: ints([4, 2], [0, 1, 0, 1, 0, 1, 0, 1]) }),
      { order },
      "are numbers of shape [4, 2]; settings are words of letters",
    ],
    [
      npz({ bits, settings: ints([1, 2, 3], [1, 0, 0, 1, 1, 0]) }),
      { order },
      "setting 0, qubit 1: the axis (1, 1, 0) has the length 1.414214",
    ],
    [
      npz({ bits: ints([1, 2], [8, 3]), num_bits: ints([], [11]), settings: words("X".repeat(11)) }),
      { order },
      "(bits): shot 0 has a bit beyond the 11 of num_bits",
    ],
    [
      npz({ bits: ints([1, 2], [1, 3]), num_bits: ints([], [17]), settings: words("X".repeat(17)) }),
      { order },
      "(bits): has 2 bytes a shot and num_bits 17",
    ],
    [npz({ bits, settings: words("XZ") }), {}, "does not say which qubit it lists first"],
    [
      npz({ bits, settings: words("XZ"), order: words("middle") }),
      {},
      "(order): is 'middle'; the order of qubits is first or last",
    ],
    [
      npz({ bits, recipes: ints([2, 2], [0, 1, 2, 0]) }),
      {},
      "(recipes): has the shape [2, 2]; a.npz (bits) has [4, 2]",
    ],
    [
      npz({ bits, recipes: ints([4, 2], [0, 1, 2, 3, 0, 0, 0, 0]) }),
      {},
      "(recipes): row 1, column 1 is 3; a recipe is 0 (X)",
    ],
    [
      npz({ XZ: ints([1, 2], [0, 0]), ZZ: ints([1, 3], [0, 0, 0]) }),
      { order },
      "(ZZ): has the shape [1, 3]; the setting ZZ has shots of 2 bits",
    ],
    [
      npz({ bits: ints([2], [0, 1]), settings: words("X") }),
      { order },
      "(bits): has the shape [2]; bits are [shots, qubits]",
    ],
    [npz({ bits, settings: words("XZ") }), { order, povm: "pauli6" }, "--povm: a.npz: an .npz says itself"],
  ])("%#: are refused in a line", (file, options, message) => {
    let thrown = "";
    try {
      readMeasurements(file, options);
    } catch (error) {
      thrown = (error as Error).message;
    }
    expect(thrown).toContain(message);
    expect(thrown).not.toContain("\n");
  });
});

describe("states in QuCumber's text", () => {
  it("are amplitudes, and density matrices in two files", () => {
    const psi = readAmplitudes(text("psi.txt", "0.6 0\n0 -0.8\n"));
    expect([psi.qubits, ...psi.re, ...psi.im]).toEqual([1, 0.6, 0, 0, -0.8]);
    const rho = readDensity(text("re.txt", "0.5 0\n0 0.5\n"), text("im.txt", "0 -0.25\n0.25 0\n"));
    expect([...rho.im]).toEqual([0, -0.25, 0.25, 0]);
  });

  it.each([
    [
      () => readAmplitudes(text("p.txt", "1 0\n0 0\n0 0\n")),
      "p.txt: has 3 rows; a state of N qubits has 2^N",
    ],
    [() => readAmplitudes(text("p.txt", "1 0\n1 0\n")), "p.txt: its amplitudes have the norm 1.41"],
    [() => readAmplitudes(text("p.txt", "1 a\n1 0\n")), 'p.txt: line 1, column 1 is "a", not a number'],
    [
      () => readDensity(text("re.txt", "1 0\n0.2 0\n"), text("im.txt", "0 0\n0 0\n")),
      "re.txt: elements (1, 0) and (0, 1) are no conjugates",
    ],
    [
      () => readDensity(text("re.txt", "1 0\n0 1\n"), text("im.txt", "0 0\n0 0\n")),
      "re.txt: has the trace 2",
    ],
    [
      () => readDensity(text("re.txt", "1 0\n0 0\n"), text("im.txt", "0 0\n")),
      "im.txt: is not of the shape of re.txt",
    ],
  ])("are refused in a line where they cannot be states", (attempt, message) => {
    expect(attempt).toThrow(message);
  });
});

const shared = fileURLToPath(new URL("../../../../../shared/data/", import.meta.url));
describe.skipIf(!existsSync(`${shared}aqt`))("public data (skipped where the folder is absent)", () => {
  const file = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(`${shared}${name}`)) });

  it("of AQT has all 27 settings, and all 729, with 100 shots each on average", () => {
    for (const [name, settings] of [
      ["ghz_3_ibmq_3_2700", 27],
      ["ghz_6_6_72900", 729],
    ] as const) {
      const { measurements } = readMeasurements(file(`aqt/${name}.npy`), { povm: "pauli6:ZXY" });
      const each = shotsOfSettings(measurements);
      expect([each.length, Math.min(...each) > 60]).toEqual([settings, true]);
      expect(measurements.setting.length).toBe(100 * settings);
    }
  });

  it("of QuCumber has 5 settings of 200 shots, and 9 of 100", () => {
    const options = { bases: file("qucumber/qubits_train_bases.txt") };
    const { measurements } = readMeasurements(file("qucumber/qubits_train.txt"), options);
    expect(measurements.settings.map(({ name }) => name).sort()).toEqual(["XZ", "YZ", "ZX", "ZY", "ZZ"]);
    expect([...shotsOfSettings(measurements)]).toEqual([200, 200, 200, 200, 200]);
    expect(readAmplitudes(file("qucumber/qubits_psi.txt")).qubits).toBe(2);
    expect(
      readDensity(file("qucumber/N2_W_state_target_real.txt"), file("qucumber/N2_W_state_target_imag.txt"))
        .re[5],
    ).toBeCloseTo(0.375, 12);
  });
});
