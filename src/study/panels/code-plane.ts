import { sites } from "../../data/space.ts";
import { codePlane as draw } from "../../report/index.ts";
import type { CodesOfRows } from "../codes-of-rows.ts";
import type { FitSubject } from "../fit-subject.ts";
import { labelOf } from "../labels.ts";
import { principalPlane } from "../principal-plane.ts";
import type { Panel } from "../study.ts";
import { losesCodes } from "./reconstructions.ts";

/** Codes of real numbers as points of a plane, coloured by what is known of their rows. */
export const codePlane: Panel<FitSubject> = {
  name: "code plane",
  applies: (subject) => losesCodes(subject) && subject.fitted.model.coding?.codes.kind === "real",
  async look(subject, at) {
    const { codes, told } = (await subject.codes(at)) as CodesOfRows;
    const coding = subject.fitted.model.coding as NonNullable<FitSubject["fitted"]["model"]["coding"]>;
    const width = sites(coding.codes);
    if (!told) return {};
    const label = labelOf(told.name, subject.dataset.columns);
    const values = codes.data as Float32Array;
    const count = told.values.length;
    const [points, axes] =
      width === 1
        ? // One number against what is known, whose relation is then seen.
          ([
            Float64Array.from({ length: 2 * count }, (_, i) =>
              i % 2 === 0 ? (values[i >> 1] as number) : (told.values[i >> 1] as number),
            ),
            ["code", label],
          ] as const)
        : width === 2
          ? ([values, ["code 1", "code 2"]] as const)
          : ([principalPlane(values, width), ["first principal axis of codes", "second"]] as const);
    const what = width > 2 ? `along the two principal axes of their ${width} numbers` : "by their numbers";
    return {
      figures: [
        {
          name: "code-plane",
          caption: `Codes of ${count} ${subject.rows} ${what}, coloured by ${label}.`,
          svg: draw({
            ...{ points, axes, values: told.values, label },
            ...(told.labels !== undefined && { labels: told.labels }),
          }),
        },
      ],
    };
  },
};
