import { AnsatzError } from "../error.ts";
import type { Parameters } from "../models/contract.ts";
import { checkObjective } from "./check-objective.ts";
import { type Checkpoint, writeCheckpoint } from "./checkpoint.ts";
import type { Course, Settled } from "./course.ts";
import type { EventOf, TrainEvent } from "./event.ts";
import type { TrainHooks } from "./hooks.ts";
import { isRange, type Measures } from "./measure.ts";
import {
  allFinite,
  allocateMemory,
  copyParameters,
  parametersIn,
  restoreCopy,
  treeOf,
  updateCopy,
} from "./memory.ts";
import { notFinite } from "./not-finite.ts";
import { CheckpointPace, PROGRESS_SECONDS, seconds } from "./pace.ts";
import { type Standing, startOf } from "./progress.ts";
import { turnsOf } from "./turns.ts";

/** Where a course stands in its plan. */
export interface CoursePlace {
  readonly index: number;
  readonly ended: readonly Settled[];
  /** The checkpoint to go on from. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Runs one course to its end; see `train`. */
export async function* runCourse<P extends Parameters>(
  course: Course<P>,
  hooks: TrainHooks,
  { index, ended, checkpoint }: CoursePlace,
): AsyncGenerator<TrainEvent, Settled> {
  const { objective, policy, steps } = course;
  checkObjective(course.model.family, objective);
  const memory = allocateMemory(course);
  /** The parameters that would be kept now, not copied. */
  const kept = () => objective.settle?.(memory.parameters, memory.state) ?? memory.parameters;
  const best = course.keepsBest ? copyParameters(memory, memory.parameters) : undefined;
  const units = Object.fromEntries(
    objective.players.flatMap(({ name, unit }) => (unit ? [[name, unit]] : [])),
  );
  let at: Standing = startOf(index, policy.initial);
  if (checkpoint) at = checkpoint.restore({ memory, best }, course);
  else {
    await course.begin?.(memory.parameters);
    const first = await course.start?.(kept());
    if (first) at = { ...at, first };
    if (best) updateCopy(best, memory, memory.parameters);
  }
  const turns = await turnsOf(course, memory);

  const rate = (step: number, update = 0, updates = 1) => policy.rate({ step, update, updates }, at.policy);
  let saved = at.step;
  /** The error after `taken` steps: this step diverged, or the one before if parameters or a look show it. */
  const diverged = (taken: number, step = taken, what: { player?: string; measure?: string } = {}) =>
    notFinite({ ...what, taken, step, lr: rate(step), saved, atOnce: course.atOnce });
  const began = seconds() - at.seconds;
  const pace = new CheckpointPace();
  const save = async (): Promise<EventOf<"checkpoint">[]> => {
    if (!hooks.saveCheckpoint) return [];
    at = { ...at, seconds: seconds() - began };
    const { step, round } = at;
    if (!allFinite(memory)) throw diverged(step, Math.max(0, step - 1));
    const bytes = () => writeCheckpoint({ memory, best }, at, ended);
    await pace.keep(async () => hooks.saveCheckpoint?.(bytes(), { round, step }));
    saved = step;
    return [{ type: "checkpoint", round, step }];
  };
  const nextRound = (step: number) => Math.min(steps, (Math.floor(step / course.round) + 1) * course.round);
  const nextLook = (step: number) => Math.min(steps, policy.nextLook?.(step, at.policy) ?? nextRound(step));

  try {
    yield {
      type: "start",
      parameters: parametersIn(memory),
      ...{ steps, step: at.step, round: course.round, batch: course.batch },
      ...(course.rows && { rows: course.rows }),
      ...(course.symmetries?.length && { symmetries: [...course.symmetries] }),
      ...(course.watched !== undefined && { watched: course.watched }),
      ...(Object.keys(units).length > 0 && { units }),
      ...((index > 0 || ended.length > 0) && { course: index }),
    };
    for (const text of course.warnings ?? []) yield { type: "warning", text };
    // A training that fails in its first round has a checkpoint too.
    if (!checkpoint) await save();
    let measures: Measures = {};
    /** What the last look was watched by. */
    let last = Number.NaN;
    const warned = new Set(course.warnings);
    let shown = seconds();
    let since = { sums: {} as Readonly<Record<string, number>>, count: 0 };
    const [firstStep, firstSecond] = [at.step, seconds()];
    while (at.finished === null) {
      if (hooks.signal?.aborted) {
        await save();
        throw new AnsatzError("interrupted", `stopped at step ${at.step}`);
      }
      const end = policy.due?.(seconds() - began, at.policy) ? at.step + 1 : nextLook(at.step);
      const looked = at.step + 1 >= end || seconds() - shown > PROGRESS_SECONDS;
      // Steps of one call never straddle two rounds: batches of a source lie end to end within one.
      const most = Math.min(end, nextRound(at.step)) - at.step;
      const turn = await turns.take({ step: at.step, most, rate, looked });
      if (turn.bad) {
        const { at: later, player } = turn.bad;
        const several = objective.players.length > 1;
        throw diverged(at.step + later, at.step + later, several ? { player } : {});
      }
      if (turn.unfinished) {
        if (seconds() - shown > PROGRESS_SECONDS) {
          const { round, step } = at;
          // Nothing tells how much of the step is left.
          const unknown = { stepsPerSecond: Number.NaN, secondsLeft: Number.NaN };
          yield { type: "progress", round, step, losses: { ...turn.sums }, lr: rate(step), ...unknown };
          shown = seconds();
        }
        if (pace.due) yield* await save();
        continue;
      }
      const lr = rate(at.step + turn.steps - 1);
      const told = (course.tells ?? course.knobs)?.(at.step + turn.steps - 1);
      const knobs = told && { knobs: told };
      at = { ...at, step: at.step + turn.steps, losses: added(at.losses, turn.sums, turn.steps) };
      since = added(since, turn.sums, turn.steps);
      if (at.step < end) {
        const now = seconds();
        if (now - shown > PROGRESS_SECONDS) {
          const perStep = (now - firstSecond) / (at.step - firstStep);
          const last = policy.end?.(at.policy) ?? { step: steps, open: false };
          const secondsLeft = Math.max(
            0,
            Math.min(
              perStep * (last.step - at.step),
              (last.seconds ?? Number.POSITIVE_INFINITY) - (now - began),
            ),
          );
          yield {
            type: "progress",
            ...{ round: at.round, step: at.step, losses: meansOf(since), ...knobs, lr },
            ...(course.glance && looked && { measures: course.glance(turn.seen) }),
            ...{ stepsPerSecond: 1 / perStep, secondsLeft },
            ...(last.open && { atMost: true }),
          };
          shown = now;
          since = { sums: {}, count: 0 };
        }
        if (pace.due) yield* await save();
        continue;
      }
      const round = at.round + 1;
      const { step } = at;
      const seen = await course.watch({ round, step, parameters: kept(), seen: turn.seen });
      measures = seen.measures;
      const value = watchedValue(measures, course.watched);
      if (course.watched !== undefined && !Number.isFinite(value))
        throw diverged(step, step - 1, { measure: course.watched });
      last = value;
      const margin = course.keepsLater ? watchedError(measures, course.watched) : 0;
      const least = at.best.value ?? Number.POSITIVE_INFINITY;
      const better = !course.selects || value < least + margin;
      if (better && best) updateCopy(best, memory, kept());
      const losses = meansOf(at.losses);
      const bestNow = better ? { round, step, value: Math.min(value, least) } : at.best;
      const next = policy.observe(at.policy, {
        ...{ step, round, measures, value, rows: seen.rows, seconds: seconds() - began },
        best: { round: bestNow.round, step: bestNow.step ?? bestNow.round * course.round },
      });
      if (next.restore && best) restoreCopy(memory, best);
      const finished = next.finished ?? (step >= steps ? "steps" : null);
      at = { ...at, round, best: bestNow, policy: next.state, losses: { sums: {}, count: 0 }, finished };
      const picture = await hooks.picture?.({ round, step }, () =>
        treeOf(memory, copyParameters(memory, kept())),
      );
      // Told before it is saved: whoever logs it has it by the time a resumed training would not tell it again.
      yield {
        type: "round",
        round,
        step,
        losses,
        measures,
        ...knobs,
        best: better,
        lr,
        seconds: seconds() - began,
      };
      for (const text of objective.warn?.(losses) ?? []) {
        if (!warned.has(text)) yield { type: "warning", text };
        warned.add(text);
      }
      if (picture) yield { type: "picture", round, step, ...picture };
      shown = seconds();
      since = { sums: {}, count: 0 };
      if (finished !== null || next.keep || (course.savesRounds ? !pace.tooSoon : pace.due))
        yield* await save();
    }
    const { round, step, first } = at;
    const value = at.best.value ?? last;
    const verdict =
      first && course.verdict?.({ first, kept: value, last: Number.isNaN(last) ? value : last });
    if (verdict !== undefined) yield { type: "warning", text: verdict };
    yield {
      ...{ type: "done", reason: at.finished, round, step, best: at.best.round },
      bestStep: at.best.step ?? at.best.round * course.round,
      seconds: seconds() - began,
    };
    return { parameters: treeOf(memory, best ?? copyParameters(memory, kept())), measures };
  } finally {
    await turns.release();
  }
}

/** Adds sums over further steps to sums over steps. */
function added(
  { sums, count }: Standing["losses"],
  more: Readonly<Record<string, number>>,
  steps: number,
): Standing["losses"] {
  const all = { ...sums };
  for (const [name, value] of Object.entries(more)) all[name] = (all[name] ?? 0) + value;
  return { sums: all, count: count + steps };
}

function meansOf({ sums, count }: Standing["losses"]): Record<string, number> {
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count]));
}

/** The error of the number that a course is watched by; 0 if it is unknown, or that of a range. */
function watchedError(measures: Measures, watched: string | undefined): number {
  const measure = watched === undefined ? undefined : measures[watched];
  return measure && !isRange(measure) && Number.isFinite(measure.error) ? measure.error : 0;
}

/** The number that a course is watched by: of a range its middle. */
function watchedValue(measures: Measures, watched: string | undefined): number {
  const measure = watched === undefined ? undefined : measures[watched];
  if (!measure) return Number.NaN;
  return isRange(measure) ? (measure.lower.value + measure.upper.value) / 2 : measure.value;
}
