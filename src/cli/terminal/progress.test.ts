import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress } from "./progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("progress of even work says how much time is left at the speed so far", () => {
  const lines: string[] = [];
  const progress = new Progress({ write: (text) => lines.push(text) }, "explain");
  vi.advanceTimersByTime(500);
  progress.timed(0.01);
  vi.advanceTimersByTime(29_500);
  progress.timed(0.25);
  vi.advanceTimersByTime(30_000);
  progress.timed(0.75);
  expect(lines).toEqual(["explain 25%, about 1:30 left\n", "explain 75%, about 0:20 left\n"]);
});
