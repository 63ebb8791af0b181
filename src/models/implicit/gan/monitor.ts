import {
  add,
  matmul,
  maximum,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import type { Monitor } from "../../contract.ts";
import { drawFakes, flatRows, type GanParameters, type GanParts } from "./parts.ts";

/** Generated rows that each row is compared with, by dense generators and by convolutional ones, whose rows cost more. */
const FAKES = { dense: 2048, convolutional: 512 };
/** Away from 0, where a root has no derivative and rounding may leave less. */
const TINY = 1e-9;

/** √|x − y| of all pairs, `[rows of x, rows of y]`. */
function rootDistances(x: Tensor, y: Tensor): Tensor {
  const size = (t: Tensor) => sum(square(t), 1, true);
  const squares = sub(add(size(x), transpose(size(y))), mul(matmul(x, transpose(y)), 2));
  return sqrt(sqrt(maximum(squares, TINY)));
}

/**
 * What a generative adversarial network is watched by: the energy score of each held-out row, √|x − X| − ½ √|X − X'| in the mean over
 * generated rows X and X'. Its mean over rows is least for the distribution of the rows alone, and above that by half the
 * generalised energy distance of exponent ½ (Gneiting & Raftery, J. Am. Stat. Assoc. 102 (2007) 359, equation 22), which unlike
 * that of exponent 1 also sees what is narrow. Distances are between what the discriminator reads. Given a context, X and X' are drawn in that of the row.
 */
export function energyScore(parts: GanParts): Monitor<GanParameters> {
  const flat = (read: Tensor) => reshape(read, [read.shape[0] as number, parts.sites * parts.rows.features]);
  const count = parts.generator.shared ? FAKES.convolutional : FAKES.dense;
  return {
    name: "energy score",
    rows(p, x, key, context) {
      const rows = flat(parts.rows.read(p.units, flatRows(parts, x)));
      if (context) {
        const batch = x.shape[0] as number;
        const draw = (i: number) => flat(drawFakes(parts, p, batch, key.fold(i), context));
        const [a, b] = [draw(0), draw(1)];
        const far = (y: Tensor, z: Tensor) => sqrt(sqrt(add(sum(square(sub(y, z)), 1), TINY)));
        return sub(mul(add(far(rows, a), far(rows, b)), 0.5), mul(far(a, b), 0.5));
      }
      const fakes = flat(drawFakes(parts, p, count, key, undefined));
      // A row is not compared with itself, whose distance is all but 0.
      const among = mul(mean(rootDistances(fakes, fakes)), (0.5 * count) / (count - 1));
      return sub(mean(rootDistances(rows, fakes), 1), among);
    },
    // Many generated rows stand for one draw each: once is enough.
    estimated: false,
    selects: true,
    ends: false,
  };
}
