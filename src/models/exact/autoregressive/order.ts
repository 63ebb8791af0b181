import { gather, type Tensor } from "../../../tensor/index.ts";
import { constantOperation } from "../../../tensor/tensor.ts";
import type { Order } from "./conditionals.ts";

/** Whether the sites are known to be visited as they lie. */
function isNatural({ sites }: Pick<Order, "sites">): boolean {
  const { operation, attributes } = sites.node;
  if ((operation as unknown) !== constantOperation) return false;
  return (attributes as { data: Int32Array }).data.every((site, position) => site === position);
}

/** Rearranges the sites along `axis` of a tensor by position; nothing is copied in the natural order. */
export function byPosition(t: Tensor, order: Pick<Order, "sites">, axis: number): Tensor {
  return isNatural(order) ? t : gather(t, order.sites, axis);
}

/** Rearranges the positions along `axis` of a tensor by site. */
export function bySite(t: Tensor, order: Pick<Order, "sites" | "positions">, axis: number): Tensor {
  return isNatural(order) ? t : gather(t, order.positions, axis);
}
