import { trueMinus } from "../report/figures/format.ts";
import { familyText } from "./family-text.ts";

/** A system by its name and parameters. */
export interface SystemReference {
  /** A registered name, such as `ising`, or another that the data gives. */
  readonly name: string;
  /** Its parameters by name, as files record them. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A system with its parameters, as people read them: `ising (shape 8×8, beta 0.440687, J 1)`. */
export function systemText({ name, parameters }: SystemReference): string {
  const text = parametersText(parameters);
  return text === "" ? name : `${name} (${text})`;
}

/** `MADE on the ising model (shape 8×8, …)`. */
export function titleOn(family: string, { name, parameters }: SystemReference): string {
  const text = parametersText(parameters);
  const what = name === "kappa" ? "maps of the convergence κ" : `the ${name} model`;
  return `${familyText(family)} on ${what}${text === "" ? "" : ` (${text})`}`;
}

/** Parameters that record the source of an energy, for programs. */
const hidden: readonly string[] = ["module", "sha256"];

function parametersText(parameters: SystemReference["parameters"]): string {
  return Object.entries(parameters)
    .filter(([key]) => !hidden.includes(key))
    .map(([key, value]) => {
      // Of bonds and fields, how many there are says enough.
      if (Array.isArray(value) && key !== "shape") return `${value.length} ${key}`;
      return `${key} ${key === "lattice" ? latticeText(value, parameters.shape) : valueText(value)}`;
    })
    .map(trueMinus)
    .join(", ");
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join("×");
  return String(typeof value === "number" ? Number(value.toPrecision(6)) : value);
}

/** Name of the lattice: one with neighbours along its axes has another name in each number of dimensions. */
function latticeText(lattice: unknown, shape: unknown): string {
  if (lattice !== "square" || !Array.isArray(shape)) return String(lattice);
  return { 1: "chain", 2: "square", 3: "cubic" }[shape.length] ?? "hypercubic";
}
