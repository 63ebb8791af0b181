import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CodeBlock, codeBlocks } from "./blocks.ts";

/** The folder of the project. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** A code block and where it stands: `README.md:41`. */
export interface PageBlock extends CodeBlock {
  readonly place: string;
}

const read = (page: string): PageBlock[] =>
  codeBlocks(readFileSync(`${root}${page}`, "utf8")).map((block) => ({
    ...block,
    place: `${page}:${block.line}`,
  }));

/** The code blocks of README.md, then of the pages in docs/. */
export function documentedCode(): PageBlock[] {
  const pages = readdirSync(`${root}docs`).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.sort().map((name) => `docs/${name}`)].flatMap(read);
}

/** The file that a block is of: what its first line, a comment, names; else one of its place. */
export const fileOf = ({ place, text }: PageBlock): string =>
  /^\/\/ ([\w-]+\.ts)\n/.exec(text)?.[1] ?? `${place.replaceAll(/[^\w.]/g, "-")}.ts`;

/** The library example of README.md: its first TypeScript block. Throws when there is none. */
export function libraryExample(): PageBlock {
  const example = read("README.md").find((block) => block.language === "ts");
  if (example === undefined) throw new Error("README.md has no ```ts block");
  return example;
}
