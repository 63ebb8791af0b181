import {
  arange,
  concat,
  equal,
  expandDims,
  gather,
  reshape,
  type SymbolicKey,
  scan,
  slice,
  type Tensor,
  transpose,
  where,
} from "../../../tensor/index.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leaves } from "../../../tensor/tree.ts";
import type { LineMemory, Tensors, Walk } from "./conditionals.ts";
import { mapTensors } from "./map-tensors.ts";

/** What a walk carries, and what each of its steps is given. */
type Carried = { readonly state: Tensors };
type Step = { readonly own: Tensors };

/** One position: the next carry and the value of the site, with noise from the key. */
type Visit<C, S> = (carry: C, step: S, key: SymbolicKey) => readonly [C, Tensor];

/** Where the visits of {@link overSites} take their noise from, and whether they may exchange rows of the batch. */
interface Visits {
  readonly key: SymbolicKey;
  readonly reordered: boolean;
}

/**
 * One loop over the positions; if the walk has lines, a loop over lines around one over the sites of a line;
 * if it has stretches, one loop after the other. Returns the last carry and the values `[sites, batch]`.
 */
export function overSites<C extends Carried, S extends Step>(
  { line, stretch }: Walk,
  visit: Visit<C, S>,
  start: C,
  steps: S,
  { key, reordered }: Visits,
): [C, Tensor] {
  const along = (carry: C, xs: S, source: SymbolicKey) =>
    scan((c: C, step: S) => visit(c, step, source), carry, xs);
  if (stretch) {
    let carry = start;
    const parts: Tensor[] = [];
    const n = leaves(steps, isTensor)[0]?.shape[0] as number;
    for (let from = 0; from < n; from += stretch.length) {
      const to = Math.min(from + stretch.length, n);
      if (from > 0) carry = { ...carry, state: stretch.enter(carry.state) };
      const part = mapTensors(steps, (t) => slice(t, 0, from, to));
      // Stretches draw from keys of their own: two loops with one key would draw the same numbers.
      const [end, values] = along(carry, part, key.fold(2 + from));
      carry = end;
      parts.push(values);
    }
    return [carry, concat(parts, 0)];
  }
  if (!line) return along(start, steps, key);
  const { length, memory } = line;
  const byLine = mapTensors(steps, (t) =>
    reshape(t, [(t.shape[0] as number) / length, length, ...t.shape.slice(1)]),
  );
  const enter = (carry: C): C => ({ ...carry, state: line.enter(carry.state) });
  const here = (c: C, step: S) => visit(c, step, key);
  const [end, values] = !memory
    ? scan((carry: C, xs: S) => along(enter(carry), xs, key), start, byLine)
    : reordered
      ? carryingLines(memory, length, here, enter, start, byLine)
      : stackingLines(memory, here, enter, start, byLine);
  const [lines, , ...rest] = values.shape as [number, number, ...number[]];
  return [end, reshape(values, [lines * length, ...rest])];
}

type Here<C, S> = (carry: C, step: S) => readonly [C, Tensor];

/** The step with what the line above brings to it. */
function below<S extends Step>(step: S, above: Tensors): S {
  return { ...step, own: { ...(step.own as object), above } };
}

/** What a line leaves is stacked as its sites are visited, and read slice by slice in the next: nothing is copied. */
function stackingLines<C extends Carried, S extends Step>(
  memory: LineMemory,
  visit: Here<C, S>,
  enter: (carry: C) => C,
  start: C,
  byLine: S,
): [C, Tensor] {
  const site = (carry: C, { step, above }: { step: S; above: Tensors }) => {
    const [next, value] = visit(carry, below(step, above));
    return [next, [value, memory.leave(next.state)] as const] as const;
  };
  const line = ([carry, left]: readonly [C, Tensors], step: S) => {
    const [next, [values, leaving]] = scan(site, enter(carry), { step, above: memory.above(left) });
    return [[next, leaving] as const, values] as const;
  };
  const [[end], values] = scan(line, [start, memory.start] as const, byLine);
  return [end, values];
}

/** Where rows of the batch change places, what a line has left and what the next reads are carried and move with them. */
function carryingLines<C extends Carried, S extends Step>(
  memory: LineMemory,
  length: number,
  visit: Here<C, S>,
  enter: (carry: C) => C,
  start: C,
  byLine: S,
): [C, Tensor] {
  const swapped = (tree: Tensors) =>
    mapTensors(tree, (t) => transpose(t, [1, 0, ...Array.from(t.shape.keys()).slice(2)]));
  type Kept = { readonly carry: C; readonly left: Tensors; readonly above: Tensors };
  // A visit reorders every leaf of what it is given.
  const visitAll = visit as unknown as Here<C & Omit<Kept, "carry">, S>;
  const site = ({ carry, ...lines }: Kept, { step, place }: { step: S; place: Tensor }) => {
    const above = mapTensors(lines.above, (t) => gather(t, place, 1));
    const [next, value] = visitAll({ ...carry, ...lines }, below(step, above));
    const { left, above: kept, ...after } = next;
    const leaving = leaves(memory.leave(next.state), isTensor);
    let i = 0;
    const filled = mapTensors(left, (t) => written(t, place, leaving[i++] as Tensor));
    return [{ carry: after as unknown as C, left: filled, above: kept }, value] as const;
  };
  const line = ({ carry, left }: Omit<Kept, "above">, step: S) => {
    const above = swapped(memory.above(swapped(left)));
    const [end, values] = scan(site, { carry: enter(carry), left, above }, { step, place: arange(length) });
    return [{ carry: end.carry, left: end.left }, values] as const;
  };
  const [end, values] = scan(line, { carry: start, left: swapped(memory.start) }, byLine);
  return [end.carry, values];
}

/** `x: [batch, sites, ...]` with `value: [batch, ...]` put at `position`. */
export function written(x: Tensor, position: Tensor, value: Tensor): Tensor {
  const [, n, ...rest] = x.shape as [number, number, ...number[]];
  const places = reshape(arange(n), [n, ...rest.map(() => 1)]);
  return where(equal(places, position), expandDims(value, 1), x);
}
