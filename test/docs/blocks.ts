/** A fenced code block of a page. */
export interface CodeBlock {
  /** The first word after the opening fence, or "". */
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** The fenced code blocks of a Markdown page, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const fence = /^(```+)\s*([\w-]*)/.exec(lines[i] as string);
    if (fence === null) continue;
    const end = lines.findIndex((line, j) => j > i && line.startsWith(fence[1] as string));
    if (end < 0) throw new Error(`the code block of line ${i + 1} does not end`);
    blocks.push({ language: fence[2] as string, text: lines.slice(i + 1, end).join("\n"), line: i + 1 });
    i = end;
  }
  return blocks;
}
