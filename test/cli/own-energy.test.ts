import { execFile as execFileOf } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { saveArray } from "../../src/files/index.ts";
import { documentedCode } from "../docs/pages.ts";
import { refused } from "./refused.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const execFile = promisify(execFileOf);
const work = workFolder();
const n = 8;
const size = ["--steps", "200", "--batch", "100", "--set", "hidden=16", "-n", "20000"];

/** A ring in a field that differs by site, as couplings and as a program. */
const fields = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? -0.5 : 0.3));
const program = (tensors = "roll(s, 1, 1)") => `
const n = ${n};
const field = ${JSON.stringify(fields)};
export const space = { kind: "binary", shape: [n] };
export const beta = 0.7;
export function energy({ data, shape: [rows] }) {
  return Array.from({ length: rows }, (_, row) => {
    const spin = (i) => 2 * data[row * n + (i % n)] - 1;
    let sum = 0;
    for (let i = 0; i < n; i++) sum -= spin(i) * spin(i + 1) + field[i] * spin(i);
    return sum;
  });
}
export function energyTensor(x, { add, arrayFrom, constant, mul, neg, roll, sub, sum }) {
  const s = sub(mul(x, 2), 1);
  return neg(sum(mul(s, add(${tensors}, constant(arrayFrom("f32", [n], field)))), 1));
}
`;
const couplings = () => ["--energy", work.at("J.npy"), "--fields", work.at("h.npy"), "--beta", "0.7"];
const file = () => ["--energy", work.at("ring.mjs")];

/** log Z at β by its sum over all configurations. */
function logZ(beta: number): number {
  let z = 0;
  for (let bits = 0; bits < 2 ** n; bits++) {
    const s = (i: number) => 2 * ((bits >> (i % n)) & 1) - 1;
    let energy = 0;
    for (let i = 0; i < n; i++) energy -= s(i) * s(i + 1) + (fields[i] as number) * s(i);
    z += Math.exp(-beta * energy);
  }
  return Math.log(z);
}

interface Solved {
  readonly exact: { readonly logZ: number };
  readonly logZ: { readonly value: number; readonly error: number };
  readonly system: { readonly name: string; readonly parameters: Record<string, unknown> };
}
const solved: Record<string, Solved> = {};

beforeAll(async () => {
  const matrix = ndarray("f64", [n, n]);
  for (let i = 0; i < n; i++) for (const j of [(i + 1) % n, (i + n - 1) % n]) matrix.data[i * n + j] = 1;
  await saveArray(work.at("J.npy"), matrix);
  await saveArray(work.at("h.npy"), ndarray("f64", [n], Float64Array.from(fields)));
  await writeFile(work.at("ring.mjs"), program());
  for (const [name, energy] of [
    ["couplings", couplings()],
    ["program", file()],
  ] as const)
    solved[name] = (await documentOf(
      "solve",
      ...energy,
      ...size,
      "--out",
      work.at(name),
    )) as unknown as Solved;
}, patient);

describe.each(["couplings", "program"])("an energy of one's own, by %s", (name) => {
  /** What a run on a program must be told again. */
  const again = () => (name === "program" ? file() : []);

  it("is solved for, next to the exact log Z of its enumeration", () => {
    const { exact, logZ: estimate } = solved[name] as Solved;
    expect(exact.logZ).toBeCloseTo(logZ(0.7), 9);
    // p = 5e-4, two-sided.
    expect(Math.abs(estimate.value - exact.logZ)).toBeLessThan(3.5 * estimate.error);
  });

  it("has chains and a report", async () => {
    const drawn = ["sample", work.at(name), "-n", "2000", "--metropolis", ...again()];
    const { observables } = await documentOf(...drawn, "--out", work.at(`${name}.npz`));
    expect(observables).toMatchObject({ energy: { value: expect.any(Number) } });
    const { exact } = await documentOf("report", work.at(name), "-n", "500", ...again());
    expect(exact).toMatchObject({ logZ: expect.closeTo(logZ(0.7), 9) });
  });

  it("is explained next to its couplings and fields", async () => {
    const told = ["explain", work.at(name), "-n", "2000", ...again()];
    const { terms } = (await documentOf(...told)) as unknown as {
      terms: { products: number[][]; exact: number }[];
    };
    const exact = new Map(terms.map((term) => [String(term.products[0]), term.exact]));
    expect(exact.get("0,1")).toBeCloseTo(0.7, 10);
    expect(exact.get("1")).toBeCloseTo(0.7 * 0.3, 10);
  });

  it("scores rows of one's own against the exact distribution", async () => {
    const rows = ["sample", work.at(name), "-n", "2000", "--out", work.at(`${name}.npy`)];
    await documentOf(...rows);
    const energy = name === "program" ? file() : couplings();
    const { entropy, kl } = await documentOf("score", work.at(name), work.at(`${name}.npy`), ...energy);
    expect(entropy).toBeGreaterThan(0);
    // Rows of the model itself: the estimate of −KL(model‖system) is at most 0, but for its error (4 σ).
    const { value, error } = kl as unknown as { value: number; error: number };
    expect(value).toBeLessThan(4 * error);
    const { comparison } = await documentOf(
      "explain",
      work.at(`${name}.npy`),
      ...energy,
      ...(name === "program" ? ["--beta", "0.7"] : []),
    );
    expect(comparison).toMatchObject({ largestPValue: expect.any(Number) });
  });

  it("is fitted to data without it, and reported with it", async () => {
    const fit = ["fit", "made", work.at(`${name}.npy`), "--epochs", "1", "--set", "hidden=4"];
    await documentOf(...fit, "--out", work.at(`${name}-fit`));
    const energy = name === "program" ? file() : couplings();
    const { score, observables } = (await documentOf(
      "report",
      work.at(`${name}-fit`),
      "-n",
      "100",
      ...energy,
    )) as unknown as {
      score: { entropy: number };
      observables: { name: string; reference: { source: string } }[];
    };
    expect(score.entropy).toBeGreaterThan(0);
    expect(observables[0]).toMatchObject({ name: "energy", reference: { source: "exact" } });
    const scored = ["score", work.at(`${name}-fit`), "--free-energy", "500", ...energy];
    expect((await documentOf(...scored)).freeEnergy).toMatchObject({
      exact: { logZ: expect.closeTo(logZ(0.7), 9) },
    });
    const drawn = ["sample", work.at(`${name}-fit`), "-n", "100", "--metropolis", ...energy];
    await documentOf(...drawn, "--out", work.at(`${name}-fit.npz`));
  });

  it("is resumed as it was begun", async () => {
    const { code, stderr } = await ansatz(
      "solve",
      "--resume",
      "--out",
      work.at(name),
      "-n",
      "100",
      ...again(),
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining("nothing to resume")]);
  });
});

it("both forms are one distribution", () => {
  expect(solved.program?.exact.logZ).toBeCloseTo(solved.couplings?.exact.logZ as number, 10);
});

describe("a program", () => {
  it("is recorded by its path and hash, and runs only if it is named again", async () => {
    const record = JSON.parse(await readFile(work.at("program/model.json"), "utf8"));
    expect(record.target).toEqual({
      name: "ring.mjs",
      parameters: { beta: 0.7, module: work.at("ring.mjs"), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    for (const argv of [
      ["report", work.at("program")],
      ["explain", work.at("program")],
      ["sample", work.at("program"), "--metropolis", "--out", work.at("x.npz")],
      ["solve", "--resume", "--out", work.at("program")],
    ])
      expect(await refused(work, ...argv)).toBe(
        `${work.at("program")}: was trained on the energy in ${work.at("ring.mjs")}; a program runs only if you name it: add --energy ${work.at("ring.mjs")}`,
      );
  });

  it("is refused once it has changed, and at another temperature", async () => {
    await writeFile(work.at("changed.mjs"), `${program()}\n`);
    const changed = await refused(work, "report", work.at("program"), "--energy", work.at("changed.mjs"));
    expect(changed).toContain("changed.mjs: is not, or no longer, the energy of");
    const colder = await refused(work, "report", work.at("program"), ...file(), "--beta", "0.8");
    expect(colder).toContain("has beta 0.7, not 0.8; leave --beta out");
  });

  it("of the documentation is solved for", async () => {
    const block = documentedCode().find(
      ({ language, text }) => language === "js" && text.startsWith("// ring.mjs"),
    );
    await writeFile(work.at("documented.mjs"), block?.text ?? "");
    const few = ["--steps", "5", "--batch", "20", "-n", "100", "--out", work.at("documented")];
    const { exact } = (await documentOf(
      "solve",
      "--energy",
      work.at("documented.mjs"),
      ...few,
    )) as unknown as Solved;
    // As the page says of the same energy in a program of the library.
    expect(exact.logZ).toBeCloseTo(11.979193, 6);
  });

  // In processes of their own: what a program does to the console, or to the end of its process, is the command's alone.
  const alone = (name: string, ...rest: string[]) =>
    execFile(process.execPath, ["bin/ansatz.js", "solve", "--energy", work.at(name), ...rest]);

  it("prints to standard error, which leaves standard output to the result", async () => {
    await writeFile(work.at("prints.mjs"), `${program()}console.log("from the program");`);
    const few = ["--steps", "2", "--batch", "20", "-n", "100", "--out", work.at("prints"), "--json"];
    const { stdout, stderr } = await alone("prints.mjs", ...few);
    expect(stderr).toContain("from the program");
    expect(JSON.parse(stdout)).toMatchObject({ family: "made" });
  });

  it("that awaits what never comes is refused", async () => {
    await writeFile(work.at("waits.mjs"), "await new Promise(() => {});");
    await expect(alone("waits.mjs", "--out", work.at("waits"))).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^ansatz: \S+waits\.mjs: cannot be run: it awaits what never comes\n$/),
    });
  });

  it("of a field is learned by its gradient", async () => {
    await writeFile(
      work.at("gaussian.mjs"),
      `export const space = { kind: "real", shape: [4] };
export const energy = ({ data, shape: [rows] }) =>
  Array.from({ length: rows }, (_, r) => data.slice(4 * r, 4 * r + 4).reduce((sum, x) => sum + x * x, 0));
export const energyTensor = (x, { square, sum }) => sum(square(x), 1);
`,
    );
    const steps = ["--steps", "60", "--batch", "64", "-n", "2000", "--out", work.at("gaussian")];
    const { logZ: estimate, exact } = (await documentOf(
      "solve",
      "--energy",
      work.at("gaussian.mjs"),
      ...steps,
    )) as unknown as Solved;
    expect(exact).toBeNull();
    // ∫ e^{−x²} dx = √π each; p = 6e-5, two-sided.
    expect(Math.abs(estimate.value - 2 * Math.log(Math.PI))).toBeLessThan(4 * estimate.error);
  });
});

describe("energies that are refused in one line", () => {
  beforeAll(async () => {
    const write = (name: string, text: string) => writeFile(work.at(name), text);
    await write("forms.mjs", program("roll(s, 2, 1)"));
    await write("flip.mjs", `${program()}export const symmetries = ["flip"];`);
    await write("typo.mjs", `${program()}export const symetries = ["flip"];`);
    await write("syntax.mjs", "export const space = {{;");
    await write("throws.mjs", "throw new Error('no luck');");
    await write("nothing.mjs", "export const space = { kind: 'binary', shape: [3] };");
    await write(
      "space.mjs",
      "export const space = { kind: 'bits', shape: [3] }; export const energy = () => [];",
    );
    await write("nan.mjs", program().replace("return sum;", "return row === 5 ? NaN : sum;"));
    await write("few.mjs", program().replace("length: rows }", "length: 1 }"));
    await write("null.mjs", "throw null;");
    await write("vast.mjs", `${program().replace("shape: [n]", "shape: [1e9]")}`);
    await write("fails.mjs", program().replace("let sum = 0;", "throw new Error('no sum\\nat all');"));
    await write("async.mjs", program().replace("function energy(", "async function energy("));
    await write("clears.mjs", program().replace("return Array", "data.fill(0); return Array"));
    await write("tensor.mjs", program("missing"));
    await write("number.mjs", program().replace("return neg(", "return 3; neg("));
    await write("null-observables.mjs", `${program()}export const observables = null;`);
    await write("observable.mjs", `${program()}export const observables = { first: () => [1] };`);
    await saveArray(work.at("h-nan.npy"), ndarray("f64", [n], new Float64Array(n).fill(Number.NaN, 2, 3)));
    const tri = ndarray("f64", [2, 2], Float64Array.of(0, 1, 0, 0));
    await saveArray(work.at("tri.npy"), tri);
  });
  const solve = (energy: string, ...rest: string[]) => ["solve", "--energy", energy, "--out", "x", ...rest];
  const cases: [argv: string[], message: string][] = [
    [solve("forms.mjs"), "forms.mjs: energy and energyTensor do not agree: "],
    [solve("flip.mjs"), "flip.mjs: the energy is not the same after flip: "],
    [solve("typo.mjs"), "the export 'symetries' is not known; did you mean symmetries?"],
    [solve("syntax.mjs"), "syntax.mjs: cannot be run: "],
    [solve("throws.mjs"), "throws.mjs: cannot be run: no luck"],
    [solve("nothing.mjs"), "nothing.mjs: exports no function energy; it needs"],
    [solve("space.mjs"), "space.mjs: space: not a space: kind: "],
    [solve("nan.mjs"), "nan.mjs: the energy of row 5 is NaN"],
    [solve("few.mjs"), "few.mjs: the energy function returned 1 numbers for 64 rows"],
    [solve("null.mjs"), "null.mjs: cannot be run: null"],
    [solve("vast.mjs"), "vast.mjs: space: has 1000000000 sites"],
    [solve("fails.mjs"), "fails.mjs: energy throws an error: no sum"],
    [
      solve("async.mjs"),
      "async.mjs: the energy function returned a promise; it returns a list of 64 numbers",
    ],
    [solve("clears.mjs"), "clears.mjs: the energy, or an observable, changes the rows it is given"],
    [solve("tensor.mjs"), "tensor.mjs: energyTensor throws an error: missing is not defined"],
    [solve("number.mjs"), "number.mjs: energyTensor throws an error: it returned 3, which is no tensor"],
    [solve("null-observables.mjs"), "null-observables.mjs: observables are functions of rows, by name"],
    [solve("observable.mjs"), "observable.mjs: the observable first function returned 1 numbers for 64 rows"],
    [solve("none.mjs"), "none.mjs: no such file"],
    [solve("J.npy", "--beta", "1", "--fields", "h-nan.npy"), "h-nan.npy: h[2] is NaN, not a finite number"],
    [solve("ring.mjs", "--fields", "h.npy"), "--fields goes with a matrix of couplings"],
    [solve("ring.mjs", "--shape", "8"), "--shape is for named systems"],
    [solve("J.npy"), "--beta is missing: the inverse temperature of the couplings"],
    [solve("J.npy", "--beta", "cold"), "--beta: an inverse temperature is a number, not 'cold'"],
    [solve("J.npy", "--beta", "1", "--shape", "3x3"), "--shape 3x3 does not have the 8 sites"],
    [solve("J.npy", "--beta", "1", "--system", "J=1"), "--system is for named systems"],
    [solve("J.npy", "--beta", "1", "--fields", "tri.npy"), "has 4 fields for the 8 sites"],
    [solve("h.npy", "--beta", "1"), "couplings are a square matrix [sites, sites], not [8]"],
    [solve("tri.npy", "--beta", "1"), "J is not symmetric: J[0, 1] is 1 and J[1, 0] is 0"],
    [
      ["solve", "ising", "--energy", "J.npy", "--out", "x"],
      "name the system ising or give --energy; not both",
    ],
    [["solve", "ising", "--fields", "h.npy", "--out", "x"], "--fields needs --energy, which is missing"],
    [
      ["solve", "--resume", "--out", "couplings", "--energy", "J.npy", "--beta", "0.7"],
      "was started with fields [",
    ],
    [["label", "program.npy", "--system", "ising:beat=0.4", "--out", "x.npz"], "did you mean beta?"],
    [["score", "program", "--beta", "1"], "--beta needs --energy, which is missing"],
    [["score", "program", "program.npy", "--energy", "tri.npy", "--beta", "1"], "J is not symmetric"],
    [["report", "couplings", "--energy", "J.npy", "--beta", "0.7"], "already known as couplings with fields"],
    [
      ["report", "couplings", "--energy", "ring.mjs"],
      "was trained on couplings (shape 8, beta 0.7, 8 bonds, 8 fields)",
    ],
    [
      ["report", "program", "--energy", "ring.mjs", "--simulate", "10"],
      "an energy from a program has no simulation",
    ],
    [["sample", "program", "--energy", "ring.mjs", "--out", "x"], "--energy needs --metropolis"],
    [
      ["label", "program.npy", "--energy", "ring.mjs", "--out", "x.npz"],
      "a file keeps couplings, but no program",
    ],
  ];
  it.each(cases)("ansatz %j", async (argv, message) => {
    const files = /\.(mjs|npy|npz)$|^(x|program|couplings)$/;
    const placed = argv.map((word) => (files.test(word) ? work.at(word) : word));
    expect(await refused(work, ...placed)).toContain(message);
  });
});
