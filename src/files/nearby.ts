import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "../nearest.ts";

/** `; did you mean runs/made?` for a path that is not there, if its folder holds a name like it; empty otherwise. */
export async function nearby(path: string): Promise<string> {
  const names = await readdir(dirname(path)).catch(() => []);
  const near = nearest(
    basename(path),
    names.filter((name) => !name.startsWith(".")),
  );
  if (near === undefined) return "";
  const folder = dirname(path);
  return `; did you mean ${folder === "." ? near : join(folder, near)}?`;
}
