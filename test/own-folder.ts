import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";

/** A fresh folder for each test of a file, whose name begins with `prefix`; taken away after them. */
export function ownFolder(prefix: string): () => string {
  let work = "";
  let folder = "";
  let count = 0;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), prefix));
  });
  afterAll(() => rm(work, { recursive: true }));
  beforeEach(async () => {
    folder = join(work, String(count++));
    await mkdir(folder);
  });
  return () => folder;
}
