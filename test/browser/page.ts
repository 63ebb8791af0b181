import { locateEngine } from "../../src/runtime/engine.web.ts";
import { check } from "./checks.ts";
import { fitMade } from "./made.ts";
import { learn, studies } from "./study.ts";

/** What the test calls in the page. */
const ansatz = { check, fitMade, learn, locateEngine, studies };
export type AnsatzInPage = typeof ansatz;
Object.assign(globalThis, { ansatz });
