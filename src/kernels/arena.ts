import { AnsatzError } from "../error.ts";

const pageBytes = 65_536;
/** Addresses below this are the kernels' own (`lowMemoryLimit` in scripts/kernels.js), and 0 means none. */
const firstByte = 4096;
/** A cache line, and the alignment ONNX Runtime gives its own tensors. */
const alignment = 64;
/** One page short of 4 GiB, so that the end of a vector is itself a 32-bit address. */
const maxBytes = 65_535 * pageBytes;

/** A WebAssembly memory divided once into blocks. It never grows, so views onto it stay valid. */
export interface Arena<Sizes extends readonly number[] = readonly number[]> {
  readonly memory: WebAssembly.Memory;
  /** Byte offset of each block, a multiple of 64: what a kernel takes, and a view's `byteOffset`. */
  readonly offsets: { readonly [K in keyof Sizes]: number };
}

/**
 * Allocates one zero-filled memory that holds blocks of the given sizes in bytes.
 *
 * @throws AnsatzError (`failure`) when they do not fit WebAssembly's 4 GiB, or in the machine's memory.
 */
export function arena<const Sizes extends readonly number[]>(blocks: Sizes): Arena<Sizes> {
  const offsets: number[] = [];
  let end = firstByte;
  for (const bytes of blocks) {
    offsets.push(end);
    end = Math.ceil((end + bytes) / alignment) * alignment;
  }
  const size = end < 2 ** 29 ? `${Math.ceil(end / 2 ** 20)} MiB` : `${(end / 2 ** 30).toFixed(2)} GiB`;
  if (!(end <= maxBytes))
    throw new AnsatzError("failure", `vectors of ${size} in all; WebAssembly memory holds 4 GiB at most`);
  const pages = Math.ceil(end / pageBytes);
  try {
    return {
      memory: new WebAssembly.Memory({ initial: pages, maximum: pages }),
      offsets: offsets as Arena<Sizes>["offsets"],
    };
  } catch (cause) {
    const room = `WebAssembly reserves more addresses than it uses, which 'ulimit -v' counts`;
    throw new AnsatzError(
      "failure",
      `cannot allocate ${size} for vectors; allow this process more memory (${room}), or ask for less`,
      { cause },
    );
  }
}
