import { nodesOf } from "../tensor/graph.ts";
import { addOperation } from "../tensor/ops/arithmetic.ts";
import { reshape, reshapeOperation, transposeOperation } from "../tensor/ops/layout.ts";
import { matmulOperation } from "../tensor/ops/linear.ts";
import { sameShape } from "../tensor/shape.ts";
import { apply, Node, type Operation, type Tensor, type TensorType } from "../tensor/tensor.ts";

/** op(A) · op(B) + C for matrices, where op may transpose: one call of the engine's fastest kernel. */
export const gemmOperation: Operation<{ transposeA: boolean; transposeB: boolean; type: TensorType }> = {
  name: "gemm",
  infer: (_, { type }) => [{ shape: type.shape, dtype: type.dtype }],
};

const swapped = (t: Tensor) =>
  t.node.operation === transposeOperation && t.shape.length === 2 ? (t.node.inputs[0] as Tensor) : undefined;

/** Matrix products with the transpositions before them and the bias after them in one operation. */
export function fuseGemm(outputs: readonly Tensor[]): Tensor[] {
  const order = nodesOf(outputs);
  const uses = new Map<Tensor, number>();
  for (const t of [...outputs, ...order.flatMap((n) => n.inputs)]) uses.set(t, (uses.get(t) ?? 0) + 1);
  const image = new Map<Tensor, Tensor>();
  const resolve = (t: Tensor) => image.get(t) ?? t;

  const gemm = (product: Tensor, bias: Tensor | undefined) => {
    const [a, b] = product.node.inputs.map(resolve) as [Tensor, Tensor];
    const left = swapped(a);
    const right = swapped(b);
    const operands = [left ?? a, right ?? b, ...(bias === undefined ? [] : [bias])];
    return apply(gemmOperation, operands, {
      transposeA: left !== undefined,
      transposeB: right !== undefined,
      type: { shape: product.shape, dtype: product.dtype },
    });
  };
  const isProduct = (t: Tensor) => t.node.operation === matmulOperation && t.shape.length === 2;
  const isBias = (t: Tensor, columns: number) =>
    (t.shape.length === 1 && t.shape[0] === columns) ||
    (t.shape.length === 2 && t.shape[0] === 1 && t.shape[1] === columns);

  for (const node of order) {
    const out = node.outputs[0] as Tensor;
    if (node.operation === addOperation && out.shape.length === 2) {
      const [x, y] = node.inputs as [Tensor, Tensor];
      const columns = out.shape[1] as number;
      const pairs: [Tensor, Tensor][] = [
        [x, y],
        [y, x],
      ];
      // A product that the bias widens by broadcasting is no Gemm.
      const pair = pairs.find(
        ([p, c]) => isProduct(p) && uses.get(p) === 1 && sameShape(p.shape, out.shape) && isBias(c, columns),
      );
      if (pair) {
        image.set(out, gemm(pair[0], resolve(pair[1])));
        continue;
      }
    }
    if (node.operation === addOperation && out.shape.length > 2) {
      // Rows of a product regrouped along leading axes take their bias before that.
      const [x, y] = node.inputs as [Tensor, Tensor];
      const product = x.node.operation === reshapeOperation ? (x.node.inputs[0] as Tensor) : undefined;
      const columns = out.shape.at(-1) as number;
      const once = product && isProduct(product) && uses.get(product) === 1 && uses.get(x) === 1;
      if (once && product.shape[1] === columns && sameShape(x.shape, out.shape) && isBias(y, columns)) {
        image.set(out, reshape(gemm(product, resolve(y)), out.shape));
        continue;
      }
    }
    if (isProduct(out)) {
      image.set(out, gemm(out, undefined));
      continue;
    }
    const inputs = node.inputs.map(resolve);
    if (inputs.every((x, i) => x === node.inputs[i])) continue;
    const copy = new Node(node.operation, inputs, node.attributes);
    node.outputs.forEach((t, i) => {
      image.set(t, copy.outputs[i] as Tensor);
    });
  }
  return outputs.map(resolve);
}
