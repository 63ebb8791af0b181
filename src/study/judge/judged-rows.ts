import type { Space } from "../../data/space.ts";
import type { Judgement, RowSet } from "../../evaluate/index.ts";
import type { Facts } from "../../report/index.ts";

/** A judgement, with the rows that figures show. */
export interface JudgedRows {
  readonly judgement: Judgement;
  readonly space: Space;
  /** Real rows that candidates were tested against. */
  readonly real: RowSet;
  /** Real rows among which nearest neighbours are looked for; `real` if there are no others. */
  readonly train?: RowSet | undefined;
  readonly candidates: readonly RowSet[];
  /** The headings of the columns, if the data have them. */
  readonly columns?: readonly string[] | undefined;
  /** Facts by title, such as where rows came from. */
  readonly facts?: Readonly<Record<string, Facts>> | undefined;
}
