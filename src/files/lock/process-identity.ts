import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { codeOf } from "../atomic.ts";

/**
 * The identity of a process among all others, on this machine and elsewhere; fields that the platform does
 * not provide are absent.
 */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Clock ticks between the boot of the machine and the start of the process. */
  readonly start?: number;
  /** The namespace in which `pid` counts (a container has its own). */
  readonly namespace?: string;
  /** Random, new with every boot: distinguishes machines with the same host name. */
  readonly boot?: string;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  const start = (await statOf("self"))?.start;
  const namespace = await readlink("/proc/self/ns/pid").catch(() => undefined);
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => undefined))?.trim();
  return {
    host: hostname(),
    pid: process.pid,
    ...(start !== undefined && { start }),
    ...(namespace !== undefined && { namespace }),
    ...(boot && { boot }),
  };
}

/** Whether `other` counts its processes as `own` does, so that `own` can ask for it by its number. */
export function isBeside(own: ProcessIdentity, other: ProcessIdentity): boolean {
  if (own.host !== other.host || own.boot !== other.boot || own.namespace !== other.namespace) return false;
  // Where Linux hides these two, equal host names prove nothing; other platforms have nothing else.
  return process.platform !== "linux" || (own.boot !== undefined && own.namespace !== undefined);
}

/**
 * Whether a process other than this one has the number `pid`, and the start time `start` if both are known.
 */
export async function isAlive({ pid, start }: Pick<ProcessIdentity, "pid" | "start">): Promise<boolean> {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  // A process in a new namespace may still see the /proc of the old one, whose numbers are not its own.
  const self = await readlink("/proc/self").catch(() => undefined);
  const stat = self === String(process.pid) ? await statOf(pid) : undefined;
  if (stat === undefined) return true;
  const isEnded = stat.state === "Z" || stat.state === "X";
  return !isEnded && (start === undefined || start === stat.start);
}

/** State and start time of a process from Linux (proc_pid_stat(5)); undefined if unavailable. */
async function statOf(pid: number | "self"): Promise<{ state: string; start: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses, which may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], Number(fields[19])];
  return state !== undefined && Number.isSafeInteger(start) ? { state, start } : undefined;
}
