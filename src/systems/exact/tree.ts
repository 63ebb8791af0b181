import { usageError } from "../../error.ts";

/** Weights of pairs and sites, by their logarithms: log f(x) = Σ_i site_i[x_i] + Σ_edges pair[x_a, x_b]. */
export interface PairWeights {
  /** For each site, one number per state; sites may have different numbers of states. */
  readonly sites: readonly ArrayLike<number>[];
  /** Two sites, and `[states of a, states of b]` row by row. */
  readonly edges: readonly { readonly a: number; readonly b: number; readonly pair: ArrayLike<number> }[];
}

/** See {@link treeMarginals}. */
export interface TreeMarginals {
  /** log Σ_x f(x). */
  readonly logZ: number;
  /** P(x_i) of each site. */
  readonly sites: readonly Float64Array[];
  /** P(x_a, x_b) of each edge, as its weights are laid out. */
  readonly edges: readonly Float64Array[];
}

/** A message along an edge: logarithms, one per state of the receiving site. */
type Message = Float64Array;

/**
 * Returns log Z and all marginals of sites and edges of a distribution with pairs that form a tree, or
 * several, by belief propagation: messages from the leaves to a root and back. Exact, in time proportional to
 * edges · states².
 *
 * Throws AnsatzError (usage) if the edges close a loop or name sites that do not exist, and for weights that
 * are not finite.
 *
 * Source: Pearl, "Probabilistic Reasoning in Intelligent Systems" (1988), chapter 4; Mézard & Montanari,
 * "Information, Physics, and Computation" (2009), section 14.2.
 */
export function treeMarginals({ sites, edges }: PairWeights): TreeMarginals {
  const states = sites.map((site) => site.length);
  const around: { readonly edge: number; readonly other: number }[][] = sites.map(() => []);
  edges.forEach(({ a, b, pair }, edge) => {
    if (a === b || !around[a] || !around[b])
      throw usageError(`edge ${edge} joins ${a} and ${b}; there are ${sites.length} sites`);
    finite(pair, `edge ${edge}`);
    if (pair.length !== (states[a] as number) * (states[b] as number))
      throw usageError(`edge ${edge} has ${pair.length} weights; expected ${states[a]}×${states[b]}`);
    around[a].push({ edge, other: b });
    around[b].push({ edge, other: a });
  });
  sites.forEach((site, i) => {
    finite(site, `site ${i}`);
  });
  const { order, parent } = fromRoots(around);
  // By the site that sends and the edge it goes along.
  const toParent: (Message | undefined)[] = sites.map(() => undefined);
  const fromParent: (Message | undefined)[] = sites.map(() => undefined);
  const inward = sites.map((site) => Float64Array.from(site));
  let logZ = 0;
  for (let k = order.length - 1; k >= 0; k--) {
    const site = order[k] as number;
    const belief = inward[site] as Float64Array;
    const up = parent[site];
    if (up === undefined) {
      logZ += logSum(belief);
      continue;
    }
    const message = passed(belief, oriented(edges[up.edge] as Edge, site), states[up.other] as number);
    toParent[site] = message;
    add(inward[up.other] as Float64Array, message);
  }
  for (const site of order) {
    const up = parent[site];
    if (up === undefined) continue;
    const without = cavity(inward[up.other] as Float64Array, toParent[site] as Message);
    const message = passed(without, oriented(edges[up.edge] as Edge, up.other), states[site] as number);
    fromParent[site] = message;
    add(inward[site] as Float64Array, message);
  }
  return {
    logZ,
    sites: inward.map(normalised),
    edges: edges.map((edge) => edgeMarginal(edge, inward, parent, toParent, fromParent)),
  };
}

/** Whether bonds between `count` sites close no loop. */
export function isForest(count: number, bonds: Iterable<readonly [number, number]>): boolean {
  const root = Array.from({ length: count }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (root[at] !== at) {
      root[at] = root[root[at] as number] as number;
      at = root[at] as number;
    }
    return at;
  };
  for (const [a, b] of bonds) {
    const [x, y] = [find(a), find(b)];
    if (x === y) return false;
    root[x] = y;
  }
  return true;
}

function finite(logs: ArrayLike<number>, what: string): void {
  for (let i = 0; i < logs.length; i++)
    if (!Number.isFinite(logs[i]))
      throw usageError(`${what} has the log-weight ${logs[i]}; weights are finite`);
}

type Edge = PairWeights["edges"][number];
type Parent = { readonly edge: number; readonly other: number } | undefined;

/** Sites in an order in which parents come first. */
function fromRoots(around: readonly (readonly { edge: number; other: number }[])[]): {
  order: number[];
  parent: Parent[];
} {
  const parent: Parent[] = around.map(() => undefined);
  const seen = around.map(() => false);
  const order: number[] = [];
  for (let root = 0; root < around.length; root++) {
    if (seen[root]) continue;
    seen[root] = true;
    order.push(root);
    for (let k = order.length - 1; k < order.length; k++) {
      const site = order[k] as number;
      for (const { edge, other } of around[site] as { edge: number; other: number }[]) {
        if (edge === parent[site]?.edge) continue;
        if (seen[other])
          throw usageError(`the edge between ${site} and ${other} closes a loop: this is no tree`);
        seen[other] = true;
        parent[other] = { edge, other: site };
        order.push(other);
      }
    }
  }
  return { order, parent };
}

/** Weights of an edge with the states of `from` first. */
function oriented(
  { a, pair }: Edge,
  from: number,
): (x: number, y: number, ofFirst: number, ofSecond: number) => number {
  return from === a
    ? (x, y, _, second) => pair[x * second + y] as number
    : (x, y, first) => pair[y * first + x] as number;
}

function passed(belief: Float64Array, weights: ReturnType<typeof oriented>, states: number): Message {
  const terms = new Float64Array(belief.length);
  return Float64Array.from({ length: states }, (_, y) => {
    for (let x = 0; x < belief.length; x++)
      terms[x] = (belief[x] as number) + weights(x, y, belief.length, states);
    return logSum(terms);
  });
}

/** A belief without the message of one neighbour. */
function cavity(belief: Float64Array, message: Message): Float64Array {
  return belief.map((b, x) => b - (message[x] as number));
}

function edgeMarginal(
  edge: Edge,
  beliefs: readonly Float64Array[],
  parent: readonly Parent[],
  toParent: readonly (Message | undefined)[],
  fromParent: readonly (Message | undefined)[],
): Float64Array {
  const { a, b, pair } = edge;
  const child = parent[a]?.other === b ? a : b;
  const [down, up] = [fromParent[child] as Message, toParent[child] as Message];
  const ofA = cavity(beliefs[a] as Float64Array, child === a ? down : up);
  const ofB = cavity(beliefs[b] as Float64Array, child === b ? down : up);
  return normalised(
    Float64Array.from(
      { length: pair.length },
      (_, i) =>
        (pair[i] as number) + (ofA[Math.floor(i / ofB.length)] as number) + (ofB[i % ofB.length] as number),
    ),
  );
}

function add(to: Float64Array, message: Message): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + (message[i] as number);
}

function logSum(logs: Float64Array): number {
  const largest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return largest + Math.log(logs.reduce((total, l) => total + Math.exp(l - largest), 0));
}

function normalised(logs: Float64Array): Float64Array {
  const total = logSum(logs);
  return logs.map((l) => Math.exp(l - total));
}
