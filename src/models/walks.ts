/** The numbers of one code, as its sites lie. */
export type CodeNumbers = ArrayLike<number>;

/** The code at the fraction `t` of a way from `a` to `b`: `a` at 0, `b` at 1. */
export type Walk = (a: CodeNumbers, b: CodeNumbers, t: number) => number[];

/** The straight line. */
export const straightWalk: Walk = (a, b, t) =>
  Array.from({ length: a.length }, (_, i) => (1 - t) * (a[i] as number) + t * (b[i] as number));

/**
 * The great circle around 0, with a radius that changes linearly from that of `a` to that of `b` (Shoemake,
 * SIGGRAPH 1985): in many dimensions normal numbers lie near a sphere, and the middle of a straight line does
 * not. If the two directions are equal or opposite, the circle is not unique, and the walk is the straight
 * line.
 */
export const sphericalWalk: Walk = (a, b, t) => {
  const [ra, rb] = [norm(a), norm(b)];
  const cosine = dot(a, b) / (ra * rb);
  if (!(Math.abs(cosine) < 1 - 1e-9)) return straightWalk(a, b, t);
  const angle = Math.acos(cosine);
  const radius = (1 - t) * ra + t * rb;
  const [toA, toB] = [Math.sin((1 - t) * angle), Math.sin(t * angle)].map(
    (share) => (radius * share) / Math.sin(angle),
  ) as [number, number];
  return Array.from(
    { length: a.length },
    (_, i) => (toA * (a[i] as number)) / ra + (toB * (b[i] as number)) / rb,
  );
};

/** Every angle by the shorter way around, in [−π, π). */
export const angularWalk: Walk = (a, b, t) =>
  Array.from({ length: a.length }, (_, i) => {
    const from = a[i] as number;
    return wrapped(from + t * wrapped((b[i] as number) - from));
  });

const wrapped = (angle: number) => angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));

const dot = (a: CodeNumbers, b: CodeNumbers) =>
  Array.from(a).reduce((sum, v, i) => sum + v * (b[i] as number), 0);

const norm = (a: CodeNumbers) => Math.sqrt(dot(a, a));
