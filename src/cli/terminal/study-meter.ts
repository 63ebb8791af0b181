import type { LookOptions } from "../../study/study.ts";
import type { Progress } from "./progress.ts";
import type { Session } from "./session.ts";

/** The progress of a study: one bar for each piece of its work. */
export class StudyMeter {
  readonly #session: Session;
  readonly #shown: "counted" | "timed";
  #work: string | undefined;
  #progress: Progress | undefined;

  /** Makes a meter that counts pieces, or shows the remaining time. */
  constructor(session: Session, shown: "counted" | "timed" = "counted") {
    this.#session = session;
    this.#shown = shown;
  }

  /** What a study is given to be seen and stopped. */
  get options(): LookOptions {
    return {
      signal: this.#session.signal,
      onProgress: (work, done, total) => {
        if (work !== this.#work) {
          this.end();
          this.#work = work;
          this.#progress = this.#session.progress(work);
        }
        if (this.#shown === "timed") this.#progress?.timed(done / total);
        else this.#progress?.count(done, total);
      },
    };
  }

  end(): void {
    this.#progress?.end();
    this.#progress = undefined;
    this.#work = undefined;
  }
}
