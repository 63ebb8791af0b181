import { locateEngine } from "../../src/runtime/engine.web.ts";
import { check } from "./checks.ts";

/** What the test calls in the page. */
const ansatz = { check, locateEngine };
export type AnsatzInPage = typeof ansatz;
Object.assign(globalThis, { ansatz });
