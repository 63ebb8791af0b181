import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./pages.ts";

const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, { readonly types: string } | string>>;
};

/** The source of each entry point of the package, by the name that a program imports. */
export const entries: readonly (readonly [name: string, source: string])[] = Object.entries(exports).flatMap(
  ([name, to]) =>
    typeof to === "string"
      ? []
      : [[join("ansatz", name), to.types.replace(/^\.\/dist\/(.*?)\.d\.ts$/, "src/$1.ts")]],
);

/** The sources as the build reads them; members that are inferred from a schema need the types of its library. */
export function programOf(sources: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(join(root, "tsconfig.build.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(
    sources.map((source) => join(root, source)),
    { ...options, noEmit: true },
  );
}

/** A named thing of the reference, and its comment. */
export interface Documented {
  /** `entry: name (file)`; of a member `entry: type.member (file:line)`. */
  readonly name: string;
  readonly comment: string;
}

/** Every export of the modules once, with the symbol that it names. */
function* exportsOf(program: ts.Program, modules: typeof entries) {
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  for (const [entry, source] of modules) {
    const file = program.getSourceFile(join(root, source));
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${entry}: ${source} is no module`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (seen.has(symbol)) continue;
      seen.add(symbol);
      yield { name: `${entry}: ${exported.name}`, symbol };
    }
  }
}

const sourceOf = (node: ts.Node | undefined) => node?.getSourceFile().fileName.slice(root.length) ?? "";

const commentOf = (symbol: ts.Symbol, checker: ts.TypeChecker) =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** Every export of the modules. */
export function documentedExports(program: ts.Program, modules: typeof entries): Documented[] {
  const checker = program.getTypeChecker();
  return [...exportsOf(program, modules)].map(({ name, symbol }) => ({
    name: `${name} (${sourceOf(symbol.declarations?.[0])})`,
    comment: commentOf(symbol, checker),
  }));
}

/** Whether a member is one that the reference shows, and is written in this repository. */
function isShown(declaration: ts.Declaration, folder: string): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const name = ts.getNameOfDeclaration(declaration);
  return (
    sourceOf(declaration).startsWith(folder) &&
    !(ts.getCombinedModifierFlags(declaration) & hidden) &&
    !(name && ts.isPrivateIdentifier(name))
  );
}

/**
 * Every property and method of the types that the modules export, once, where it is declared: of interfaces, classes, object
 * types, each of a union's, and what is inferred from a schema. Those of types from outside `folder` are left out.
 */
export function documentedMembers(
  program: ts.Program,
  modules: typeof entries,
  folder = "src/",
): Documented[] {
  const checker = program.getTypeChecker();
  const kinds = ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias;
  const found = new Map<ts.Declaration, Documented>();
  for (const { name, symbol } of exportsOf(program, modules)) {
    if (!(symbol.flags & kinds)) continue;
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    for (const part of type.isUnion() ? type.types : [type])
      for (const member of checker.getPropertiesOfType(part)) {
        const declaration = member.declarations?.[0];
        if (!declaration || found.has(declaration) || !isShown(declaration, folder)) continue;
        const { line } = ts.getLineAndCharacterOfPosition(
          declaration.getSourceFile(),
          declaration.getStart(),
        );
        found.set(declaration, {
          name: `${name}.${member.name} (${sourceOf(declaration)}:${line + 1})`,
          comment: commentOf(member, checker),
        });
      }
  }
  return [...found.values()];
}

/** Types of options that an exported function takes and its module does not export, as `entry: function takes type`. */
export function unnamedOptions(program: ts.Program, modules: typeof entries): string[] {
  const checker = program.getTypeChecker();
  return modules.flatMap(([entry, source]) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(join(root, source)) as ts.SourceFile);
    const exported = new Map(
      checker.getExportsOfModule(module as ts.Symbol).map((symbol) => [symbol.name, symbol]),
    );
    return [...exported.values()].flatMap((symbol) => {
      const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return (own.declarations ?? [])
        .filter(ts.isFunctionDeclaration)
        .flatMap(({ parameters }) => parameters.flatMap(({ type }) => (type ? [type.getText()] : [])))
        .filter((name) => /^\w+Options$/.test(name) && !exported.has(name))
        .map((name) => `${entry}: ${symbol.name} takes ${name}`);
    });
  });
}
