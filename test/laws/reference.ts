// Plain loops over row-major arrays: the oracles that the operations are held to.

/** Numbers with a shape. */
export interface Grid {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

export const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Every index of a shape in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const total = size(shape);
  for (let n = 0; n < total; n++) {
    const index = Array<number>(shape.length);
    let rest = n;
    for (let a = shape.length - 1; a >= 0; a--) {
      index[a] = rest % shape[a]!;
      rest = Math.floor(rest / shape[a]!);
    }
    yield index;
  }
}

/** The element of x at `index`, counted from the last axis; axes of size 1 repeat, as in broadcasting. */
export function at(x: Grid, index: readonly number[]): number {
  const skip = index.length - x.shape.length;
  let offset = 0;
  x.shape.forEach((n, a) => {
    offset = offset * n + (n === 1 ? 0 : index[skip + a]!);
  });
  return x.data[offset]!;
}

/** A grid from a function of the index. */
export function build(shape: readonly number[], f: (index: number[]) => number): Grid {
  return { shape, data: Array.from(indices(shape), f) };
}

/** The broadcast of shapes. */
export function commonShape(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((s) => s[s.length - rank + i] ?? 1);
    return sizes.find((n) => n !== 1) ?? 1;
  });
}

/** f applied elementwise to broadcast grids. */
export function zip(f: (...values: number[]) => number, ...grids: Grid[]): Grid {
  return build(commonShape(...grids.map((g) => g.shape)), (i) => f(...grids.map((g) => at(g, i))));
}

/** The values of x along `axes`, gathered for every index of the others, and reduced by f. */
export function reduce(
  x: Grid,
  axes: readonly number[],
  keep: boolean,
  f: (values: number[]) => number,
): Grid {
  const groups = new Map<string, number[]>();
  for (const index of indices(x.shape)) {
    const key = String(index.filter((_, a) => !axes.includes(a)));
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(at(x, index));
  }
  const shape = keep
    ? x.shape.map((n, a) => (axes.includes(a) ? 1 : n))
    : x.shape.filter((_, a) => !axes.includes(a));
  return { shape, data: [...groups.values()].map(f) };
}

/** The values along one axis mapped to as many values. */
export function along(x: Grid, axis: number, f: (values: number[]) => number[]): Grid {
  const data = [...x.data];
  const others = x.shape.map((n, a) => (a === axis ? 1 : n));
  const stride = size(x.shape.slice(axis + 1));
  for (const index of indices(others)) {
    let offset = 0;
    x.shape.forEach((n, a) => {
      offset = offset * n + index[a]!;
    });
    const places = Array.from({ length: x.shape[axis]! }, (_, i) => offset + i * stride);
    f(places.map((p) => x.data[p]!)).forEach((v, i) => {
      data[places[i]!] = v;
    });
  }
  return { shape: x.shape, data };
}

export const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

export function logTotal(values: readonly number[]): number {
  const high = Math.max(...values);
  return high === -Infinity ? -Infinity : high + Math.log(total(values.map((v) => Math.exp(v - high))));
}

export function softmax(values: readonly number[]): number[] {
  const z = logTotal(values);
  return values.map((v) => Math.exp(v - z));
}

export function product(a: Grid, b: Grid): Grid {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1)!;
  const batch = commonShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return build([...batch, m, n], (index) => {
    const outer = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let l = 0; l < k; l++) sum += at(a, [...outer, i, l]) * at(b, [...outer, l, j]);
    return sum;
  });
}

/** Σ over the letters that the result lacks. */
export function einsum(formula: string, a: Grid, b: Grid): Grid {
  const [left, right, out] = formula.split(/,|->/) as [string, string, string];
  const sizes = new Map<string, number>();
  [...left].forEach((c, i) => {
    sizes.set(c, a.shape[i]!);
  });
  [...right].forEach((c, i) => {
    sizes.set(c, b.shape[i]!);
  });
  const inner = [...sizes.keys()].filter((c) => !out.includes(c));
  return build(
    [...out].map((c) => sizes.get(c)!),
    (index) => {
      let sum = 0;
      for (const rest of indices(inner.map((c) => sizes.get(c)!))) {
        const value = (c: string) => (out.includes(c) ? index[out.indexOf(c)]! : rest[inner.indexOf(c)]!);
        sum += at(a, [...left].map(value)) * at(b, [...right].map(value));
      }
      return sum;
    },
  );
}

/** Geometry with every choice made: pairs, and padding as [top, bottom, left, right]. */
export interface Geometry {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
}

export function conv2d(x: Grid, w: Grid, { stride, dilation, padding }: Geometry): Grid {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const [outputs, , kh, kw] = w.shape as [number, number, number, number];
  const rows = Math.floor((height + padding[0] + padding[1] - dilation[0] * (kh - 1) - 1) / stride[0]) + 1;
  const columns = Math.floor((width + padding[2] + padding[3] - dilation[1] * (kw - 1) - 1) / stride[1]) + 1;
  return build([n, outputs, rows, columns], ([b, o, i, j]) => {
    let sum = 0;
    for (const [c, p, q] of indices([channels, kh, kw])) {
      const h = i! * stride[0] + p! * dilation[0] - padding[0];
      const v = j! * stride[1] + q! * dilation[1] - padding[2];
      if (h >= 0 && h < height && v >= 0 && v < width) sum += at(x, [b!, c!, h, v]) * at(w, [o!, c!, p!, q!]);
    }
    return sum;
  });
}

/** Every input pixel stamps its kernel on the result. */
export function convTranspose2d(
  x: Grid,
  w: Grid,
  { stride, dilation, padding, outputPadding }: Geometry & { outputPadding: readonly [number, number] },
): Grid {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const [, outputs, kh, kw] = w.shape as [number, number, number, number];
  const rows =
    (height - 1) * stride[0] + dilation[0] * (kh - 1) + 1 - padding[0] - padding[1] + outputPadding[0];
  const columns =
    (width - 1) * stride[1] + dilation[1] * (kw - 1) + 1 - padding[2] - padding[3] + outputPadding[1];
  const data = Array<number>(n * outputs * rows * columns).fill(0);
  for (const [b, c, h, v, o, p, q] of indices([n, channels, height, width, outputs, kh, kw])) {
    const i = h! * stride[0] + p! * dilation[0] - padding[0];
    const j = v! * stride[1] + q! * dilation[1] - padding[2];
    if (i < 0 || i >= rows || j < 0 || j >= columns) continue;
    data[((b! * outputs + o!) * rows + i) * columns + j]! +=
      at(x, [b!, c!, h!, v!]) * at(w, [c!, o!, p!, q!]);
  }
  return { shape: [n, outputs, rows, columns], data };
}
