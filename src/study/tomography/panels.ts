import type { Panel } from "../study.ts";
import { fidelity } from "./fidelity.ts";
import { goodness } from "./goodness.ts";
import { likelihood } from "./likelihood.ts";
import { matrix } from "./matrix.ts";
import { orders } from "./orders.ts";
import { others } from "./others.ts";
import { pauliMeans } from "./pauli-means.ts";
import { properties } from "./properties.ts";
import { settings } from "./settings.ts";
import type { TomographySubject } from "./subject.ts";

/** The panels of every tomography, in the order of the page. */
export const tomographyPanels: readonly Panel<TomographySubject>[] = [
  matrix,
  fidelity,
  properties,
  goodness,
  likelihood,
  pauliMeans,
  orders,
  settings,
  others,
];
