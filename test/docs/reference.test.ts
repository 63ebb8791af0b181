import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { root } from "./pages.ts";

const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));

const { exports, imports } = read("package.json") as {
  readonly exports: Readonly<Record<string, { readonly types: string } | string>>;
  readonly imports: Readonly<Record<string, { readonly node: string }>>;
};

/** The source of a built file. */
const sourceOf = (built: string) => built.replace(/^\.\/dist\/(.*?)(\.d\.ts|\.js)$/, "src/$1.ts");

/** The source of each entry point of the package, by the name that a program imports. */
const entries: readonly (readonly [name: string, source: string])[] = Object.entries(exports).flatMap(
  ([name, to]) => (typeof to === "string" ? [] : [[join("ansatz", name), sourceOf(to.types)]]),
);

/** The sources without the libraries and without types: what is exported, and the comments, need neither. */
function programOf(sources: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = { noLib: true, types: [], allowImportingTsExtensions: true };
  const host = ts.createCompilerHost(options);
  const fileOf = (name: string, from: string) => {
    const inner = imports[name];
    if (inner) return join(root, sourceOf(inner.node));
    return name.startsWith(".") ? resolve(dirname(from), name) : undefined;
  };
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      const resolvedFileName = fileOf(text, from);
      return { resolvedModule: resolvedFileName && { resolvedFileName, extension: ts.Extension.Ts } };
    }) as ts.ResolvedModuleWithFailedLookupLocations[];
  return ts.createProgram(sources, options, host);
}

/** A sentence: two words or more and a full stop, or a list that a colon opens. */
const sentence = /^\S+\s.*\S[.:]/s;

/** Every export of the modules, once, as `entry: name (file)`, with its comment. */
function documentedExports(modules: typeof entries): Map<string, string> {
  const program = programOf(modules.map(([, source]) => join(root, source)));
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const comments = new Map<string, string>();
  for (const [entry, source] of modules) {
    const file = program.getSourceFile(join(root, source));
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${entry}: ${source} is no module`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (seen.has(symbol)) continue;
      seen.add(symbol);
      const where = symbol.declarations?.[0]?.getSourceFile().fileName.slice(root.length);
      comments.set(
        `${entry}: ${exported.name} (${where})`,
        ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      );
    }
  }
  return comments;
}

test("the reference is of every entry point of the package", () => {
  expect(read("typedoc.json").entryPoints).toEqual(entries.map(([, source]) => source));
  expect(entries.length).toBeGreaterThan(15);
});

test("every export of the entry points has a sentence in the reference", () => {
  const comments = documentedExports(entries);
  expect(comments.size).toBeGreaterThan(700);
  expect(comments.get("ansatz: score (src/evaluate/score.ts)")).toMatch(/^Scores rows of a dataset/);
  expect([...comments].flatMap(([name, comment]) => (sentence.test(comment) ? [] : [name]))).toEqual([]);
});

test("an export without a comment, or with a word for one, has no sentence", () => {
  const found = documentedExports([["test", "test/docs/uncommented.ts"]]);
  expect([...found.values()].map((comment) => sentence.test(comment))).toEqual([false, false, true]);
});
