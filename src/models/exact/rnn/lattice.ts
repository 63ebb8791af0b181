/** The order in which the sites are visited. */
export interface Lattice {
  /** 1: each site has the one visited before it as its neighbour. 2: also the one above it. */
  readonly dimensions: 1 | 2;
  readonly lines: number;
  /** Sites of a line. */
  readonly length: number;
  /** Whether every other line is visited backwards. */
  readonly snake: boolean;
}

/** The lattice of a space's sites: its last axis is a line. */
export function latticeOf(shape: readonly number[], dimensions: 1 | 2, snake: boolean): Lattice {
  const length = shape.at(-1) as number;
  return { dimensions, lines: shape.slice(0, -1).reduce((n, m) => n * m, 1), length, snake };
}

/** Sites by position: rows from left to right, or every other one backwards. */
export function orderOn({ lines, length, snake }: Lattice): Uint32Array {
  return Uint32Array.from({ length: lines * length }, (_, i) => {
    const [line, j] = [Math.floor(i / length), i % length];
    return line * length + (snake && line % 2 === 1 ? length - 1 - j : j);
  });
}
