import { isPauli } from "../../data/measurements/index.ts";
import { pauliEstimates } from "../../evaluate/tomography/index.ts";
import { pauliBars } from "../../report/index.ts";
import { toPauli } from "../../tomography/index.ts";
import type { Panel } from "../study.ts";
import type { TomographySubject } from "./subject.ts";

/** Strings that the figure shows. */
const most = 20;
/** Up to this many strings all are in the document. */
const mostListed = 4 ** 6;

/** Means of Pauli strings from the shots alone, with errors, next to those of the state and of the target. */
export const pauliMeans: Panel<TomographySubject> = {
  name: "Pauli means",
  applies: ({ tally }) => tally.settings.every(isPauli),
  async look(subject, at) {
    const { tally, rho, target } = subject;
    const { fit } = await subject.bootstrap(at);
    const data = pauliEstimates(tally);
    if (!data) return {};
    const model = toPauli(rho);
    const wanted = target && toPauli(target.matrix);
    const all = Array.from({ length: model.length - 1 }, (_, i) => i + 1);
    const off = (i: number) => Math.abs(data.means[i]! - (wanted ?? model)[i]!) / data.errors[i]!;
    const size = (i: number) => Math.abs((wanted ?? model)[i]!);
    // What the target is made of comes first, then what contradicts it most.
    const byTarget = all
      .filter((i) => size(i) > 1e-9 && (wanted || size(i) > 0.1))
      .sort((a, b) => size(b) - size(a) || a - b);
    const first = byTarget.slice(0, Math.ceil((3 * most) / 4));
    const rest = all
      .filter((i) => !first.includes(i) && Number.isFinite(off(i)))
      .sort((a, b) => off(b) - off(a))
      .slice(0, most - first.length);
    const row = (i: number) => ({
      name: stringName(i, tally.qubits),
      ...(data.shots[i]! > 0 && {
        data: { value: data.means[i]!, ...(fit.explained && { error: data.errors[i]! }) },
      }),
      model: model[i]!,
      ...(wanted && { target: wanted[i]! }),
    });
    return {
      figures: [
        {
          name: "pauli-means",
          svg: pauliBars({ strings: [...first, ...rest].map(row) }),
          caption:
            `Means of ${first.length + rest.length} of ${all.length} Pauli strings, qubit 0 first${fit.explained ? ", with one standard error of the shots" : "; errors are left out since no single state explains the shots"}: ` +
            `${wanted ? "first the largest of the target, then those that differ most from it" : "the largest of the state, then those whose data differ most from it"}.`,
        },
      ],
      document: {
        ...(all.length < mostListed && {
          pauliMeans: Object.fromEntries(all.map((i) => [stringName(i, tally.qubits), row(i)])),
        }),
      },
    };
  },
};

/** The string of a number to the base 4, I X Y Z, qubit 0 the most significant digit. */
function stringName(place: number, qubits: number): string {
  return Array.from({ length: qubits }, (_, q) => "IXYZ"[Math.floor(place / 4 ** (qubits - 1 - q)) % 4]).join(
    "",
  );
}
