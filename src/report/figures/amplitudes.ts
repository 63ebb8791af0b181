import * as Plot from "@observablehq/plot";
import { renderChart } from "./chart.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link amplitudes} draws. */
export interface AmplitudesData {
  /** Basis states with a modulus and a phase in radians each, in the order of the axis. */
  readonly states: readonly {
    readonly name: string;
    readonly modulus: number;
    readonly phase: number;
    readonly target?: { readonly modulus: number; readonly phase: number } | undefined;
  }[];
  /** Which is drawn. */
  readonly part: "modulus" | "phase";
}

/** Phases of amplitudes below this share of the largest are meaningless and not drawn. */
const least = 0.1;

/** Draws the moduli or the phases of amplitudes as dots, and those of a target as rings. */
export function amplitudes({ states, part }: AmplitudesData): string {
  if (states.length === 0) return emptyFigure("no amplitudes to draw");
  const highest = Math.max(...states.map(({ modulus, target }) => Math.max(modulus, target?.modulus ?? 0)));
  const points = (
    of: (one: AmplitudesData["states"][number]) => AmplitudesData["states"][number]["target"],
  ) =>
    states.flatMap((one, at) => {
      const own = of(one);
      return own && (part === "modulus" || own.modulus >= least * highest) ? [{ at, value: own[part] }] : [];
    });
  const [model, target] = [points((one) => one), points((one) => one.target)];
  const legend: LegendEntry[] = [{ key: "dot", colour: theme.colour.model, label: "model" }];
  if (target.length > 0) legend.push({ key: "ring", colour: theme.colour.exact, label: "target" });
  return renderChart({
    description: part === "modulus" ? "moduli of the largest amplitudes" : "phases of the largest amplitudes",
    x: {
      label: "basis state",
      domain: [-0.5, states.length - 0.5],
      // Many or long names hide each other.
      names: states.map(({ name }, i) => (states.length * name.length <= 64 ? name : String(i + 1))),
    },
    y:
      part === "modulus"
        ? { label: "|ψ|", domain: [0, highest * 1.08 || 1], grid: true }
        : { label: "phase (radians)", domain: [-Math.PI * 1.05, Math.PI * 1.05], grid: true },
    legend,
    marks: [
      Plot.dot(model, { x: "at", y: "value", r: 4, fill: theme.colour.model, className: "model" }),
      Plot.dot(target, {
        ...{ x: "at", y: "value", r: 6.5, stroke: theme.colour.exact, strokeWidth: 1.6, className: "target" },
      }),
    ],
  });
}
