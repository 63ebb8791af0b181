import { coloursOf, isTerminal, type Sink } from "./output.ts";

/** How far a piece of work has come. */
export interface ProgressPoint {
  /** Between 0 and 1. */
  readonly fraction: number;
  /** Further text, most important first; a narrow terminal shows the first of them. */
  readonly details?: readonly string[];
}

const redrawMilliseconds = 100;
const lineMilliseconds = 5000;
const barWidth = 20;

/**
 * The progress of one piece of work on a stream: on a terminal a bar that is redrawn in place, elsewhere plain lines,
 * one every few seconds at most, and none for work that is done before that.
 */
export class Progress {
  readonly #sink: Sink;
  readonly #label: string;
  readonly #terminal: boolean;
  readonly #began = performance.now();
  #last = performance.now();
  #drawn = false;

  constructor(sink: Sink, label: string) {
    this.#sink = sink;
    this.#label = label;
    this.#terminal = isTerminal(sink);
    if (this.#terminal) this.#last = Number.NEGATIVE_INFINITY;
  }

  /** Shows the progress of the work; calls that come too soon after the last are skipped. */
  update({ fraction, details = [] }: ProgressPoint): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? redrawMilliseconds : lineMilliseconds)) return;
    this.#last = now;
    const percent = `${Math.floor(100 * Math.min(1, Math.max(0, fraction)))}%`;
    if (!this.#terminal) {
      this.#sink.write(`${[`${this.#label} ${percent}`, ...details].join(", ")}\n`);
      return;
    }
    const colours = coloursOf(this.#sink);
    const filled = Math.round(barWidth * Math.min(1, Math.max(0, fraction)));
    const bar = colours.cyan("━".repeat(filled)) + colours.dim("━".repeat(barWidth - filled));
    let room = (this.#sink.columns ?? 80) - this.#label.length - barWidth - 8;
    const shown: string[] = [];
    for (const detail of details) {
      room -= detail.length + 2;
      if (room < 0) break;
      shown.push(detail);
    }
    this.#sink.write(`\r\x1b[2K${this.#label} ${bar} ${percent.padStart(4)}  ${shown.join("  ")}`);
    this.#drawn = true;
  }

  /** Shows a fraction of work that goes on evenly, with the time that is left at the speed so far. */
  timed(fraction: number): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const known = fraction > 0.02 && fraction < 1 && seconds > 1;
    const left = (seconds * (1 - fraction)) / fraction;
    this.update({ fraction, details: known ? [`about ${clock(left)} left`] : [] });
  }

  /** Shows that `done` of `total` pieces are done; `what` names the pieces if needed. */
  count(done: number, total: number, what?: string): void {
    this.update({ fraction: done / total, details: [`${done} of ${total}${what ? ` ${what}` : ""}`] });
  }

  /** A line that stays, above the bar. */
  line(text: string): void {
    this.end();
    this.#sink.write(`${text}\n`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) this.#sink.write("\r\x1b[2K");
    this.#drawn = false;
  }
}

/** Seconds as a clock shows them: `0:07`, `12:30`, `1:02:03`. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A rate or a count in few digits: `950`, `12.3k`, `4.5M`. */
export function short(n: number): string {
  if (n < 1000) return String(Math.round(n));
  const [scaled, unit] = n < 1e6 ? [n / 1e3, "k"] : [n / 1e6, "M"];
  return `${scaled.toFixed(scaled < 100 ? 1 : 0)}${unit}`;
}
