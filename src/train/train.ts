import { Checkpoint } from "./checkpoint.ts";
import type { Plan, Settled } from "./course.ts";
import type { TrainEvent } from "./event.ts";
import type { TrainHooks } from "./hooks.ts";
import { runCourse } from "./run-course.ts";
import { Training } from "./training.ts";

/**
 * Trains by a plan: one course after another, until the plan gives the result. The same plan gives the same bits on one
 * machine, engine and number of threads, also when stopped and resumed. Throws AnsatzError: `failure` when a loss is no longer
 * finite, `interrupted` when stopped, `input` for a checkpoint of another plan; and what its courses throw.
 */
export function train<M>(plan: Plan<M>, hooks: TrainHooks = {}): Training<M> {
  return new Training(run(plan, hooks));
}

async function* run<M>(plan: Plan<M>, hooks: TrainHooks): AsyncGenerator<TrainEvent, M> {
  const checkpoint = hooks.resume && new Checkpoint(hooks.resume);
  const ended: Settled[] = [];
  for (;;) {
    const next = await plan.next(ended);
    if (!next.course) return next.result;
    try {
      const index = ended.length;
      if (checkpoint && index < checkpoint.course) {
        // It has run before: how it ended is all that is needed.
        ended.push(checkpoint.ended(index, next.course.initial));
        continue;
      }
      const place = {
        index,
        ended: [...ended],
        checkpoint: checkpoint?.course === index ? checkpoint : undefined,
      };
      ended.push(yield* runCourse(next.course, hooks, place));
    } finally {
      await next.course.release?.();
    }
  }
}
