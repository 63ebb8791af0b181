import { sizeOf } from "../../../../array.ts";
import type { FlowMatchingHyperparameters } from "../options.ts";
import { mlp } from "./mlp.ts";
import type { TimeNetwork } from "./network.ts";
import { patchTransformer } from "./patch-transformer.ts";
import { unet } from "./unet.ts";

/** Numbers of each site that networks read: z and whitened z. */
const INPUTS = 2;

/** From so many sites on pictures and lattices have a U-Net. */
const MANY = 64;

/** What a network is chosen and made by. */
export interface NetworkRequest {
  /** The family, for messages. */
  readonly family: string;
  /** Shape of one row. */
  readonly shape: readonly number[];
  /** Whether rows are tables, whose columns have no places. */
  readonly table: boolean;
  /** Numbers that are read of a context, 0 for none. */
  readonly contextSize: number;
  /** Hyperparameters, `padding` resolved. */
  readonly h: Pick<FlowMatchingHyperparameters, "network" | "width" | "blocks" | "channels" | "patch"> & {
    readonly padding: "zero" | "periodic";
  };
}

/** The name of the network that is taken. */
export function networkName({
  shape,
  table,
  h,
}: Pick<NetworkRequest, "shape" | "table" | "h">): "mlp" | "unet" | "transformer" {
  if (h.network !== "auto") return h.network;
  return !table && shape.length <= 3 && sizeOf(shape) >= MANY ? "unet" : "mlp";
}

/** The network of a flow in time. Throws AnsatzError (usage), naming the family, for sizes that it cannot take. */
export function chosenNetwork(request: NetworkRequest): TimeNetwork {
  const { family, shape, contextSize, h } = request;
  const { width, blocks, padding } = h;
  const places = { family, shape, contextSize, padding, inputs: INPUTS, patch: h.patch || undefined };
  const name = networkName(request);
  if (name === "unet")
    return unet({ ...places, channels: h.channels.length > 0 ? h.channels : undefined }) as TimeNetwork;
  if (name === "transformer") return patchTransformer({ ...places, width, layers: blocks }) as TimeNetwork;
  return mlp({ shape, width, blocks, contextSize }) as TimeNetwork;
}
