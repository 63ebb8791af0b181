// node .ci/summary.js RESULTS STATUS: prints the counts of vitest's JSON report, and fails unless tests ran and
// nothing failed. STATUS is the exit status of the test command.
import { existsSync, readFileSync } from "node:fs";

const [results, status] = process.argv.slice(2);
const report = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : undefined;
const passed = report?.numPassedTests ?? 0;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
// A file that could not be loaded has no tests to fail.
const broken = report?.testResults.filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
);
let failed = (report?.numFailedTests ?? 0) + (broken?.length ?? 0);
if (report === undefined) console.log("no test ran: installing, compiling or linting failed; see above");
// What failed outside the tests (installing, types, lint, an error nobody caught) is one failure.
if (failed === 0 && (status !== "0" || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
