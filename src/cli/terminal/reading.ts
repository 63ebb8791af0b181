import type { Session } from "./session.ts";

/** Runs `read` with a bar for the pictures that it reads; data without pictures shows none. */
export function withReadingBar<T>(
  session: Session,
  read: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const bar = session.progress("read pictures");
  return read((done, total) => bar.count(done, total)).finally(() => bar.end());
}
