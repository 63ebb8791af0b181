import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const candidates = [
  process.env.CHROME_BIN,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium on this machine, or undefined; CHROME_BIN names one that is elsewhere. */
export const executable: string | undefined = candidates.find((path) => path && existsSync(path));

/** Starts it without a window, without a profile and without any traffic of its own. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable as string,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}
