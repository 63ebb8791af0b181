import { isMainThread } from "node:worker_threads";
import { usageError } from "../error.ts";

/**
 * ONNX Runtime sends telemetry unless this is set (1.30): it looks up a host, writes an identifier of the machine below
 * `~/.cache`, and a log into the temporary folder. It reads the environment of the process when the first graph is loaded.
 */
const variable = "ORT_DISABLE_TELEMETRY";

/**
 * Turns the engine's telemetry off for this process, and for processes that it starts. A value that is set already is
 * kept. Only the main thread can: the `process.env` of a worker thread is a copy, which native code does not see.
 */
export function disableTelemetry(): void {
  if (isMainThread) process.env[variable] ||= "1";
}

/**
 * Throws a usage error in a worker thread if the environment of the process leaves telemetry on and the main
 * thread has not loaded this module.
 */
export function requireNoTelemetry(): void {
  if (isMainThread || environment()[variable]) return;
  throw usageError(
    `ONNX Runtime would send telemetry from this worker thread: on the main thread, import ansatz or set ` +
      `process.env.${variable} = "1" first, or set ${variable}=1 in the shell`,
  );
}

/** The part of `process.report` that is used; the types of Node 20 lack `excludeNetwork` (20.13). */
interface Report {
  excludeNetwork: boolean;
  getReport(): { environmentVariables: NodeJS.ProcessEnv };
}

/** The environment as native code sees it; a diagnostic report shows it in every thread, in about 5 ms. */
function environment(): NodeJS.ProcessEnv {
  const report = process.report as unknown as Report;
  const { excludeNetwork } = report;
  // A report of open sockets would look up the names of their hosts.
  report.excludeNetwork = true;
  try {
    return report.getReport().environmentVariables;
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}
