import type { EventOf, TrainEvent } from "./event.ts";

/** The events of one course of a training. */
export interface CourseEvents {
  /** The event of its start. */
  readonly start: EventOf<"start">;
  /** From its start on, in order. */
  readonly events: readonly TrainEvent[];
  /** The event of its end; absent until then. */
  readonly done?: EventOf<"done"> | undefined;
}

/** The events of a training course by course; a course that was gone on with is one. */
export function eventsByCourse(events: readonly TrainEvent[]): CourseEvents[] {
  const courses: { start: EventOf<"start">; events: TrainEvent[] }[] = [];
  for (const event of events) {
    const current = courses.at(-1);
    const isNew = event.type === "start" && (!current || (event.course ?? 0) !== (current.start.course ?? 0));
    if (isNew) courses.push({ start: event, events: [event] });
    else current?.events.push(event);
  }
  return courses.map(({ start, events: own }) => ({
    ...{ start, events: own },
    done: own.findLast((event) => event.type === "done"),
  }));
}
