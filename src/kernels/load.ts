import { AnsatzError } from "../error.ts";

/** Compiled modules by their base64 text: compiled once, instantiated for every memory. */
const modules = new Map<string, WebAssembly.Module>();

function compiled(wasm: string): WebAssembly.Module {
  const known = modules.get(wasm);
  if (known) return known;
  const bytes = Uint8Array.from(atob(wasm), (c) => c.charCodeAt(0));
  let made: WebAssembly.Module;
  try {
    made = new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new AnsatzError(
      "failure",
      "this JavaScript engine cannot run the kernels (WebAssembly with SIMD)",
      {
        cause,
      },
    );
  }
  modules.set(wasm, made);
  return made;
}

/**
 * Instantiates a kernel over `memory` and returns its exported functions, typed as `Exports`.
 *
 * Synchronous, so that callers need not be async. Browsers allow this for small modules on the main thread
 * (Chrome up to 8 MB) and for any in a worker; the kernels are a few kilobytes.
 *
 * @param wasm The module in base64, from `kernels/generated/`.
 * @throws AnsatzError (`failure`) if the engine lacks WebAssembly SIMD.
 */
export function loadKernel<Exports>(wasm: string, memory: WebAssembly.Memory): Exports {
  const instance = new WebAssembly.Instance(compiled(wasm), { env: { memory } });
  return instance.exports as Exports;
}
