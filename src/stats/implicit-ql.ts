/**
 * Computes the eigenvalues of a real symmetric tridiagonal matrix, in no order. `d` is its diagonal and is
 * overwritten by them; `e` holds the entries below the diagonal from index 1 on and is overwritten.
 * `rotate(i, c, s)`, if given, turns the vectors i and i + 1, (x, y) → (c x − s y, s x + c y), which makes
 * eigenvectors of unit vectors.
 *
 * Source: Bowdler, Martin, Reinsch & Wilkinson, Numer. Math. 11 (1968) 293 (tql2).
 */
export function implicitQl(
  d: Float64Array,
  e: Float64Array,
  n: number,
  rotate?: (i: number, c: number, s: number) => void,
): void {
  for (let i = 1; i < n; i++) e[i - 1] = e[i]!;
  if (n > 0) e[n - 1] = 0;
  let [shift, largest] = [0, 0];
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++;
    if (m > l)
      do {
        let g = d[l]!;
        let p = (d[l + 1]! - g) / (2 * e[l]!);
        let r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
        d[l] = e[l]! / (p + r);
        d[l + 1] = e[l]! * (p + r);
        const next = d[l + 1]!;
        const h = g - d[l]!;
        for (let i = l + 2; i < n; i++) d[i] = d[i]! - h;
        shift += h;
        p = d[m]!;
        let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
        const below = e[l + 1]!;
        for (let i = m - 1; i >= l; i--) {
          c3 = c2;
          c2 = c;
          s2 = s;
          g = c * e[i]!;
          const own = c * p;
          r = Math.hypot(p, e[i]!);
          e[i + 1] = s * r;
          s = e[i]! / r;
          c = p / r;
          p = c * d[i]! - s * g;
          d[i + 1] = own + s * (c * g + s * d[i]!);
          rotate?.(i, c, s);
        }
        p = (-s * s2 * c3 * below * e[l]!) / next;
        e[l] = s * p;
        d[l] = c * p;
      } while (Math.abs(e[l]!) > Number.EPSILON * largest);
    d[l] = d[l]! + shift;
    e[l] = 0;
  }
}
