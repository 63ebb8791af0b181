/**
 * Returns the deviation of a normal variable that is about as unlikely as the deviation `t` of Student's
 * distribution with `dof` degrees of freedom, which need not be whole: t itself for large `dof`, far less if
 * an error rests on few values. To 2 % or so from three degrees of freedom on.
 *
 * Source: Wallace, Ann. Math. Stat. 30 (1959) 1124.
 */
export function normalOfStudent(t: number, dof: number): number {
  if (!Number.isFinite(t)) return t;
  return Math.sign(t) * ((8 * dof + 1) / (8 * dof + 3)) * Math.sqrt(dof * Math.log1p((t * t) / dof));
}
