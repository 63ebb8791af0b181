import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockFile {
  packages: Record<
    string,
    { version?: string; hasInstallScript?: true; optionalDependencies?: Record<string, string> }
  >;
}

const { packages } = JSON.parse(
  readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
) as LockFile;

// onnxruntime-node's install script downloads hundreds of megabytes of CUDA libraries from outside the registry,
// which nothing here uses. npm 11 is told so by allowScripts in package.json; earlier versions run whatever the lock
// file marks, so it marks nothing. The other marked packages (esbuild, protobufjs) only tune or check themselves.
test('npm ci runs no install script of a dependency: delete "hasInstallScript" lines from package-lock.json', () => {
  expect(Object.keys(packages).filter((name) => packages[name]?.hasInstallScript)).toEqual([]);
});

// A registry mirror without a platform's binaries drops it from the lock file, and npm ci then rejects the file.
test("the lock file lists the packages of every platform", () => {
  const locked = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
  const missing = Object.values(packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !locked.has(name));
  expect(missing).toEqual([]);
});
