/** How much of a state the settings of measurements determine without further assumptions. */
export interface Completeness {
  /**
   * Whether the settings with shots determine every state; undefined if the axes are not all X, Y and Z and
   * there are too many qubits to compute it.
   */
  readonly complete: boolean | undefined;
  /**
   * Number of independent operators that the settings measure, including the identity, out of 4^N; undefined
   * if not counted.
   */
  readonly rank: number | undefined;
  /** Pauli settings without shots, of all 3^N: how many, and the first ten. Undefined where axes are not all X, Y and Z. */
  readonly missing: { readonly count: number; readonly first: readonly string[] } | undefined;
}

/** Number of missing settings that are named in a sentence. */
const mostNamed = 3;

/** Whether settings determine every state of N `qubits`, in words, with what is missing. */
export function completenessText(qubits: number, { complete, rank, missing }: Completeness): string {
  if (complete === undefined)
    return "not known to be informationally complete, which so many qubits leave uncounted";
  if (complete) return "informationally complete";
  const measured = rank === undefined ? "" : `: ${rank} of ${4 ** qubits} operators are measured`;
  const unnamed = rank === undefined ? ": some operators are not measured" : measured;
  if (!missing) return `not informationally complete${unnamed}`;
  return `not informationally complete${measured}${measured ? ", and" : ":"} ${missingText(qubits, missing, mostNamed)}`;
}

/** Which Pauli settings have no shots, naming at most `named` of them. */
export function missingText(
  qubits: number,
  { count, first }: NonNullable<Completeness["missing"]>,
  named: number,
): string {
  const names = first.slice(0, named);
  const list = names.length === 0 ? "" : ` (${names.join(", ")}${count > names.length ? ", …" : ""})`;
  return `${count} of ${3 ** qubits} Pauli settings have no shots${list}`;
}

/** The warning for a state fitted to settings that do not determine it; undefined if they do, or if that is not known. */
export function incompleteWarning(qubits: number, found: Completeness): string | undefined {
  if (found.complete !== false) return undefined;
  return `the settings are ${completenessText(qubits, found)}; other states fit the shots equally well, so measure these too`;
}
