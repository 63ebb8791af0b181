import type { CommandSpec } from "./command.ts";

/** A command by name; its file is loaded only when it is called, so that `ansatz --help` answers at once. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  load(): Promise<CommandSpec>;
}

/** Every command, in the order of the help. A new one is its file and its entry here. */
export const commands: readonly CommandEntry[] = [
  {
    name: "demo",
    summary: "simulate, fit and check the 2D Ising model against its exact solution",
    load: async () => (await import("./demo.ts")).demo,
  },
  {
    name: "simulate",
    summary: "draw configurations of a physical system",
    load: async () => (await import("./simulate.ts")).simulate,
  },
  {
    name: "label",
    summary: "name the system of your own data, in an .npz",
    load: async () => (await import("./label.ts")).label,
  },
  {
    name: "fit",
    summary: "fit a model to data",
    load: async () => (await import("./fit.ts")).fit,
  },
  {
    name: "solve",
    summary: "learn a system's distribution from its energy alone, without data",
    load: async () => (await import("./solve.ts")).solve,
  },
  {
    name: "score",
    summary: "log-probabilities of data under a fitted model, and KL from the exact distribution",
    load: async () => (await import("./score.ts")).score,
  },
  {
    name: "sample",
    summary: "draw configurations from a fitted model",
    load: async () => (await import("./sample.ts")).sample,
  },
  {
    name: "fill",
    summary: "fill unknown sites of configurations from a fitted model",
    load: async () => (await import("./fill.ts")).fill,
  },
  {
    name: "encode",
    summary: "write the codes of rows: of an autoencoder, a vq-vae or a flow",
    load: async () => (await import("./encode.ts")).encode,
  },
  {
    name: "decode",
    summary: "write the rows of codes",
    load: async () => (await import("./decode.ts")).decode,
  },
  {
    name: "compare",
    summary: "fit several families to the same data and compare them on one page",
    load: async () => (await import("./compare.ts")).compare,
  },
  {
    name: "judge",
    summary: "test whether rows, models and baselines could be real rows",
    load: async () => (await import("./judge.ts")).judge,
  },
  {
    name: "tomography",
    summary: "find the density matrix of measured qubits, with errors and checks, on one page",
    load: async () => (await import("./tomography.ts")).tomography,
  },
  {
    name: "explain",
    summary: "find a simple formula for a model's log-probability, or for data: couplings with errors",
    load: async () => (await import("./explain.ts")).explain,
  },
  {
    name: "report",
    summary: "write a page with the figures and numbers of a run",
    load: async () => (await import("./report.ts")).report,
  },
  {
    name: "export",
    summary: "write a fitted model as ONNX, for use from Python",
    load: async () => (await import("./export.ts")).exportModel,
  },
  {
    name: "models",
    summary: "list the model families: what each models and what it can compute",
    load: async () => (await import("./models.ts")).models,
  },
  {
    name: "info",
    summary: "describe a run folder or a data file",
    load: async () => (await import("./info.ts")).info,
  },
];
