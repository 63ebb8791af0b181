import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { execute } from "../execute.ts";
import { documentedCode, fileOf, root } from "./pages.ts";

// The tests below read the built package: `npm test` builds it first.

test("every TypeScript block of the documentation compiles", async () => {
  // Inside the project, so that "ansatz" is this package.
  const folder = join(root, ".cache", "docs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const blocks = documentedCode().filter(({ language }) => language === "ts");
  expect(blocks.length).toBeGreaterThan(0);
  const files = blocks.map(fileOf);
  expect(new Set(files).size).toBe(files.length);
  // An empty line for each line above the block gives the compiler the page's line numbers.
  blocks.forEach(({ text, line }, i) => {
    writeFileSync(join(folder, files[i] as string), `${"\n".repeat(line)}${text}\nexport {};\n`);
  });
  const compilerOptions = { noEmit: true, composite: false, noUnusedLocals: false };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, files }),
  );
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { output } = await execute(process.execPath, [tsc, "-p", folder, "--pretty", "false"], root);
  expect(output).toBe("");
});

/** The `ansatz` command lines of a shell block, as words. */
function commandLines(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/^\$ /, "").replace(/^npx /, ""))
    .filter((line) => line.startsWith("ansatz "))
    .map((line) =>
      line
        .replace(/\s#.*$/, "")
        .trim()
        .split(/\s+/)
        .slice(1),
    );
}

const shell = documentedCode().filter(({ language }) => /^(sh|bash|shell|console)$/.test(language));

test("every command line of the documentation names a command and options that exist", async () => {
  const helps = new Map<string, Promise<{ code: number | null; output: string }>>();
  const help = (command: string) => {
    const known = helps.get(command);
    if (known !== undefined) return known;
    const asked = execute(
      process.execPath,
      // Of a fit the help without a family shows common options only.
      [
        "bin/ansatz.js",
        ...(command === "" ? [] : command === "fit" ? [command, "made"] : [command]),
        "--help",
      ],
      root,
    );
    helps.set(command, asked);
    return asked;
  };
  const wrong: string[] = [];
  for (const { place, text } of shell)
    for (const words of commandLines(text)) {
      const options = words
        .filter((word) => /^--?[a-z]/.test(word))
        .map((word) => word.split("=")[0] as string);
      // `ansatz --version`, `ansatz <command> --help`: options of the program itself.
      const command = /^[a-z]/.test(words[0] ?? "") ? (words[0] as string) : "";
      const { code, output } = await help(command);
      const unknown = options.filter((option) => !output.split(/[\s,]+/).includes(option));
      // Asked for the help of what it does not know, a program may print its own.
      if (code !== 0 || !output.includes(`ansatz ${command}`))
        wrong.push(`${place}: there is no command '${command}'`);
      else if (unknown.length > 0) wrong.push(`${place}: ansatz ${command} has no ${unknown.join(", ")}`);
    }
  expect(wrong).toEqual([]);
});

test("every npm script that the documentation runs exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = shell.flatMap(({ place, text }) =>
    [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map((found) => ({
      place,
      script: (found[1] ?? found[2]) as string,
    })),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
});
