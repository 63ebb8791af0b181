import type { Traced } from "../../runtime/index.ts";

/** What a model is exported as: its graphs by name, and a Python script that uses them. */
export interface Exported {
  readonly graphs: Readonly<Record<string, Traced>>;
  readonly example: string;
}
