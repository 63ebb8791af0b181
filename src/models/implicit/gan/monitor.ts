import {
  add,
  matmul,
  maximum,
  mean,
  mul,
  reshape,
  slice,
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
const FAKES = { dense: 8192, convolutional: 512 };
/** Of these, how many are compared with all. */
const FIRST = 2048;
/** Away from 0, where a root has no derivative and rounding may leave less. */
const TINY = 1e-9;

/** |x − y|^¼ of squared distances. */
const root = (squares: Tensor) => sqrt(sqrt(sqrt(maximum(squares, TINY))));

/** |x − y|^¼ of all pairs, `[rows of x, rows of y]`. */
function rootDistances(x: Tensor, y: Tensor): Tensor {
  const size = (t: Tensor) => sum(square(t), 1, true);
  const squares = sub(add(size(x), transpose(size(y))), mul(matmul(x, transpose(y)), 2));
  return root(squares);
}

/**
 * What a generative adversarial network is watched by: the energy score of each held-out row, |x − X|^¼ − ½ |X − X'|^¼ in the mean
 * over generated rows X and X'. Its mean over rows is least for the distribution of the rows alone, and above that by half the
 * generalised energy distance of exponent ¼ (Gneiting & Raftery, J. Am. Stat. Assoc. 102 (2007) 359, equation 22). That of
 * exponent 1 hardly sees what is narrow, and changes more with the rows that happen to be held out. Distances are between what the discriminator reads. Given a context, X and X' are drawn in that of the row.
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
        const far = (y: Tensor, z: Tensor) => root(sum(square(sub(y, z)), 1));
        return sub(mul(add(far(rows, a), far(rows, b)), 0.5), mul(far(a, b), 0.5));
      }
      const fakes = flat(drawFakes(parts, p, count, key, undefined));
      const first = slice(fakes, 0, 0, Math.min(FIRST, count));
      // A row is not compared with itself, whose distance is all but 0.
      const among = mul(mean(rootDistances(first, fakes)), (0.5 * count) / (count - 1));
      return sub(mean(rootDistances(rows, fakes), 1), among);
    },
    // Many generated rows stand for one draw each: once is enough.
    estimated: false,
    selects: !process.env.NOSEL,
    ends: false,
  };
}
