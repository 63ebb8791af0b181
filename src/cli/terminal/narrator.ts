import { betweenText, estimateText } from "../../report/estimate-text.ts";
import { trueMinus } from "../../report/figures/format.ts";
import { perSite, rangePerSite } from "../../stats/index.ts";
import { type EventOf, isRange, type Measure, measureName, type TrainEvent } from "../../train/index.ts";
import { unlimitedSteps } from "../../train/unlimited-steps.ts";
import { clock, type Progress, short } from "./progress.ts";

/**
 * Shows the events of a training as progress; nats of rows of data are per site, of `sites`, as in reports.
 * Numbers of another unit, or of none, are shown unchanged. `courses` are the names of several.
 */
export function narrator(
  progress: Progress,
  sites: number,
  courses: readonly string[] = [],
): (event: TrainEvent) => void {
  let start: EventOf<"start"> | undefined;
  let [left, speed, open] = ["", "", false];
  let steps: number | undefined;
  const measures = new Map<string, string>();
  return (event) => {
    if (event.type === "start") {
      start = event;
      open = event.steps === unlimitedSteps;
      steps = undefined;
      measures.clear();
    }
    if (!start || (event.type !== "progress" && event.type !== "round")) return;
    const ofRows = start.rows !== undefined;
    if (event.type === "progress" && Number.isFinite(event.secondsLeft)) {
      open = event.atMost === true;
      steps = event.step + event.secondsLeft * event.stepsPerSecond;
      left = `${event.atMost ? "at most " : ""}${clock(event.secondsLeft)} left`;
      speed = ofRows ? `${short(event.stepsPerSecond * start.batch)} rows/s` : "";
    }
    const current = Math.max(1, Math.ceil(event.step / start.round));
    for (const [name, measure] of Object.entries(event.measures ?? {}))
      measures.set(name, measureText(name, measure, ofRows ? { sites, epoch: current } : undefined));
    const losses = ofRows
      ? Object.entries(event.losses).map(([name, loss]) =>
          start?.units?.[name] === "nats"
            ? `${name}/site ${trueMinus((loss / sites).toFixed(4))}`
            : `${name} ${trueMinus(Number.isInteger(loss) && loss !== 0 ? `${loss}` : loss.toFixed(4))}`,
        )
      : [];
    const rounds = Math.max(1, Math.ceil(Math.round(steps ?? start.steps) / start.round));
    progress.update({
      fraction: event.step / (steps ?? start.steps),
      details: [
        ...(courses.length > 1 ? [courses[start.course ?? 0] as string] : []),
        ofRows ? `epoch ${current}${open ? "" : `/${rounds}`}` : `step ${event.step}/${start.steps}`,
        ...[speed, left].filter((text) => text !== "" && (!ofRows || event.type === "progress")),
        ...losses,
        ...measures.values(),
      ],
    });
  };
}

/** A measure as a short text: nats of rows of data per site, others unchanged. */
function measureText(
  name: string,
  measure: Measure,
  ofRows: { readonly sites: number; readonly epoch: number } | undefined,
): string {
  const [share, by] = ofRows && measure.unit === "nats" ? [ofRows.sites, "/site"] : [1, ""];
  if (isRange(measure)) {
    const at = ofRows ? ` at epoch ${ofRows.epoch}` : "";
    return `${name}${by} ${betweenText(rangePerSite(measure, share))}${at}`;
  }
  if (ofRows) return `valid ${measureName(name, measure)}${by} ${estimateText(perSite(measure, share))}`;
  if (Number.isNaN(measure.error)) return `${name} ${measure.value.toFixed(2)}`;
  const sign = measure.bound === "lower" ? "≥ " : measure.bound === "upper" ? "≤ " : "";
  return `${name} ${sign}${estimateText(measure)}`;
}
