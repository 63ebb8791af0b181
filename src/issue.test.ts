import { expect, it } from "vitest";
import * as z from "zod";
import { issueOf } from "./issue.ts";

const schema = z.strictObject({
  epochs: z.int().min(1).default(50),
  threads: z.int().min(1).max(256).default(1),
  lr: z.number().positive().default(1e-3),
  share: z.number().min(0).lt(1).default(0),
  optimiser: z.enum(["adam", "sgd"]).default("adam"),
  direct: z.boolean().default(true),
  hidden: z
    .union([z.number(), z.array(z.number())], { error: "give the units of a layer" })
    .transform((value) => [value].flat())
    .pipe(z.array(z.int().min(1)).min(1).max(16))
    .default([8]),
  kernel: z
    .int()
    .refine((n) => n % 2 === 1, "must be odd")
    .default(3),
});

it.each([
  [{ epochs: -3 }, "epochs", "takes a whole number of at least 1, not -3"],
  [{ epochs: 1.5 }, "epochs", "takes a whole number of at least 1, not 1.5"],
  [{ epochs: "many" }, "epochs", "takes a whole number of at least 1, not 'many'"],
  [{ epochs: null }, "epochs", "takes a whole number of at least 1, not null"],
  [{ threads: 300 }, "threads", "takes a whole number from 1 to 256, not 300"],
  [{ lr: Number.NaN }, "lr", "takes a number above 0, not NaN"],
  [{ lr: Number.POSITIVE_INFINITY }, "lr", "takes a number above 0, not Infinity"],
  [{ share: 1 }, "share", "takes a number of at least 0 and below 1, not 1"],
  [{ optimiser: "adem" }, "optimiser", "takes one of adam, sgd, not 'adem'"],
  [{ direct: 3 }, "direct", "takes true or false, not 3"],
  [{ hidden: [4, -3] }, "hidden", "takes a whole number of at least 1, not -3"],
  [{ hidden: [] }, "hidden", "takes a list of 1 to 16 values, not []"],
  [{ hidden: "x" }, "hidden", "give the units of a layer"],
  [{ kernel: 4 }, "kernel", "must be odd"],
])("%j", (given, key, text) => {
  expect(issueOf(schema, given)).toEqual({ key, text });
});
