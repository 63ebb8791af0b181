import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { writeNpy } from "../../src/data/formats/npy.ts";
import { saveBytes } from "../../src/files/index.ts";
