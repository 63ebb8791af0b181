import { type DType, type NDArray, ndarray } from "../array.ts";
import { isArray, specsOf } from "../models/arrays.ts";
import type { Batch, Parameters, State, Symbolic } from "../models/contract.ts";
import { clipScale, coalesceRows, globalNorm } from "../optim/index.ts";
import { Program } from "../runtime/program.ts";
import { KEY, trace } from "../runtime/trace.ts";
import type { RowGradient } from "../tensor/grad.ts";
import { cast, leaves, type SymbolicKey, type Tensor } from "../tensor/index.ts";
import {
  inputArrays,
  inputSpecs,
  knobsOf,
  noRows,
  type PlayerSetup,
  type Stepper,
  stateSpecs,
  type UpdateInput,
} from "./player-setup.ts";
import { updateGraph } from "./update.ts";
import { withoutUnused } from "./used-inputs.ts";

/** An array for each tensor, to be written anew by every run. */
const arraysFor = (tensors: readonly Tensor[], batch: number): NDArray<DType>[] =>
  tensors.map(({ shape, dtype }) =>
    ndarray(
      dtype,
      shape.map((n) => (n < 0 ? -n * batch : n)),
    ),
  );

const numbersOf = (names: readonly string[], arrays: readonly NDArray<DType>[]) =>
  Object.fromEntries(names.map((name, i) => [name, Float64Array.from((arrays[i] as NDArray<"f32">).data)]));

/**
 * Runs one update per call: the graph reads the parameters in place, also a table of a million rows, and
 * writes the gradient into its flat vector; it returns the gradient of a table as rows. A fused kernel then
 * updates parameters and optimiser state in place. For all but small models.
 */
export async function singleStepper<P extends Parameters>(setup: PlayerSetup<P>): Promise<Stepper> {
  const { memory, groups, batch, threads } = setup;
  const specs = inputSpecs(setup);
  const tables = [...setup.tables];
  const paths = groups.flatMap(({ layout }) => layout.leaves.map(({ path }) => path));
  let names: { moved: string[]; parts: string[]; seen: string[] } = { moved: [], parts: [], seen: [] };
  const f = (
    parameters: Symbolic<P>,
    state: State,
    key: SymbolicKey,
    knobs: Tensor | undefined,
    x: Tensor | undefined,
    context: Tensor | undefined,
    action: Tensor | undefined,
  ) => {
    const at: Batch<P> = {
      ...{ parameters, state, key, context, action, variant: setup.variant },
      x: x ?? noRows(),
      knobs: knobsOf(setup.knobs, knobs),
    };
    const graph = updateGraph(
      setup,
      at,
      tables.map(([path]) => path),
    );
    const moved = Object.keys(memory.state).filter((name) => graph.state[name] !== undefined);
    names = { moved, parts: Object.keys(graph.parts), seen: Object.keys(graph.seen) };
    const rows = tables.map(([path]) => graph.rows[path] as RowGradient);
    // A list keeps its order; the leaves of a record are sorted by name.
    return [
      graph.loss,
      paths.map((path) => graph.gradient.get(path)),
      moved.map((name) => graph.state[name]),
      rows.map(({ ids, rows }) => [cast(ids, "i32"), rows]),
      names.parts.map((name) => graph.parts[name]),
      names.seen.map((name) => graph.seen[name]),
    ];
  };
  const traced = trace(f, [
    specsOf(memory.parameters),
    stateSpecs(memory),
    KEY,
    ...([specs.knobs, specs.x, specs.context, specs.action] as const),
  ]);
  const stateNames = Object.keys(memory.state).sort();
  const params = leaves(memory.parameters, isArray) as NDArray<DType>[];
  const { graph, used } = withoutUnused(traced, params.length, stateNames.length);
  const program = await Program.compile(graph, { threads });
  const state = stateNames.filter((_, i) => used[i]).map((name) => memory.state[name] as NDArray<DType>);
  const fixed = [...params, ...state];
  const loss: NDArray<"f32"> = ndarray("f32", []);
  const grads = gradientArrays(setup);
  const outputs = traced.outputs.slice(1 + grads.length).map(({ tensor }) => tensor);
  // Written beside what is read, and copied when the update is good.
  const beside = arraysFor(outputs, batch);
  const cut = (from: number, count: number) => beside.slice(from, from + count);
  const moved = cut(0, names.moved.length);
  const rows = cut(moved.length, 2 * tables.length);
  const parts = cut(moved.length + rows.length, names.parts.length);
  const seen = beside.slice(moved.length + rows.length + parts.length);
  /** The rows' gradient of each table, summed over equal rows. */
  const rowGradients = () =>
    tables.map(([, { width }], i) =>
      coalesceRows({
        ids: (rows[2 * i] as NDArray<"i32">).data,
        grads: (rows[2 * i + 1] as NDArray<"f32">).data,
        width,
      }),
    );

  return {
    steps: 1,
    async run(input: UpdateInput) {
      const { knobs, x, context, action } = inputArrays(specs, input);
      const given = [knobs, x, context, action].filter((array) => array !== undefined);
      await program.run([...fixed, ...given], {
        keys: [input.key],
        batch,
        into: [loss, ...grads, ...beside],
      });
      let value = loss.data[0] as number;
      if (Number.isFinite(value)) {
        for (const [i, name] of names.moved.entries())
          (memory.state[name] as NDArray<"f32">).data.set((moved[i] as NDArray<"f32">).data);
        value = applyGradient(setup, value, { lr: input.lr[0] as number, t: input.t }, rowGradients());
      }
      return {
        losses: Float64Array.of(value),
        parts: numbersOf(names.parts, parts),
        seen: numbersOf(names.seen, seen),
      };
    },
    release: () => program.release(),
  };
}

/** The gradient of each dense parameter of a player as a view of its flat vector, for a graph to write. */
function gradientArrays({ groups }: Pick<PlayerSetup, "groups">): NDArray<"f32">[] {
  return groups.flatMap(({ layout, flat }) =>
    layout.leaves.map(({ start, size, shape }) =>
      ndarray("f32", shape, flat.grads.subarray(start, start + size)),
    ),
  );
}

/**
 * Updates parameters and optimiser state in place by the gradient that lies in the flat vectors, clipped, and by the `rows` of
 * each table. Returns the loss, or what is not finite of the gradient's norm, which then changes nothing.
 */
function applyGradient(
  { groups, tables, clip }: Pick<PlayerSetup, "groups" | "tables" | "clip">,
  loss: number,
  { lr, t }: { readonly lr: number; readonly t: number },
  rows: readonly ReturnType<typeof coalesceRows>[],
): number {
  const flats = groups.map(({ flat }) => flat);
  // The loss may not show a row that went astray until the row is met again: the norm does.
  const norm = clip > 0 || rows.length > 0 ? globalNorm(...flats, ...rows) : 0;
  if (!Number.isFinite(norm)) return norm;
  const at = { lr, t, gradScale: clip > 0 ? clipScale(norm, clip) : 1 };
  for (const { flat, optimiser } of groups) optimiser?.step(flat, at);
  for (const [i, table] of [...tables.values()].entries())
    table.optimiser.stepRows(table, rows[i] as (typeof rows)[number], at);
  return loss;
}
