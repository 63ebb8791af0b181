import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { refused, smallRun } from "./refused.ts";
import { ansatz, patient, workFolder } from "./support.ts";

const work = workFolder();
beforeAll(() => smallRun(work), patient);

describe("a run folder that cannot be used", () => {
  const cases: [what: string, damage: (folder: string) => Promise<unknown>, message: string][] = [
    ["parameters missing", (f) => rm(`${f}/params.safetensors`), "params.safetensors: no such file"],
    [
      "parameters cut short",
      (f) => truncate(`${f}/params.safetensors`, 500),
      "params.safetensors: truncated",
    ],
    [
      "parameters empty",
      (f) => truncate(`${f}/params.safetensors`, 0),
      "params.safetensors: the file is empty",
    ],
    [
      "a newer format version",
      async (f) => {
        const record = JSON.parse(await readFile(`${f}/model.json`, "utf8"));
        await writeFile(`${f}/model.json`, JSON.stringify({ ...record, version: 99 }));
      },
      "model.json: has format version 99; this ansatz reads up to 3 (update it)",
    ],
    [
      "a record cut short",
      (f) => truncate(`${f}/model.json`, 80),
      "model.json: is not JSON; the run folder is damaged",
    ],
    [
      "a record that asks for too many threads",
      async (f) => {
        const record = JSON.parse(await readFile(`${f}/model.json`, "utf8"));
        await writeFile(`${f}/model.json`, JSON.stringify({ ...record, threads: 1e9 }));
      },
      "model.json: threads: ",
    ],
    [
      "a record of a model that fits nowhere",
      async (f) => {
        const record = JSON.parse(await readFile(`${f}/model.json`, "utf8"));
        await writeFile(
          `${f}/model.json`,
          JSON.stringify({ ...record, context: { kind: "real", shape: [1e12] } }),
        );
      },
      "model.json: made on 16 sites would have about",
    ],
    ["no record", (f) => rm(`${f}/model.json`), "is not a run folder (it has no model.json)"],
    [
      "an unknown family",
      async (f) => {
        const text = await readFile(`${f}/model.json`, "utf8");
        await writeFile(`${f}/model.json`, text.replace('"family": "made"', '"family": "mode"'));
      },
      "model.json: there is no model family 'mode'; did you mean made?",
    ],
  ];
  it.each(cases)("%s", async (_, damage, message) => {
    const folder = work.at("damaged");
    await rm(folder, { recursive: true, force: true });
    await cp(work.at("made"), folder, { recursive: true });
    await damage(folder);
    for (const command of [
      ["score"],
      ["sample", "--out", work.at("s.npy")],
      ["export", "--out", work.at("e")],
      ["report"],
    ]) {
      const [name = "", ...flags] = command;
      const said = await refused(work, name, folder, ...flags);
      expect(said).toContain(folder);
      expect(said).toContain(message);
    }
  });

  it("a checkpoint cut short, when the fit is to go on", async () => {
    const folder = work.at("unfinished");
    await cp(work.at("made"), folder, { recursive: true });
    const { result: _, ...record } = JSON.parse(await readFile(`${folder}/model.json`, "utf8"));
    await writeFile(`${folder}/model.json`, JSON.stringify(record));
    await truncate(`${folder}/checkpoint/state.safetensors`, 100);
    expect(await refused(work, "fit", "--resume", "--out", folder)).toContain(
      `${folder}/checkpoint/state.safetensors: `,
    );
    await writeFile(`${folder}/lock`, `${process.ppid}\n`);
    expect(await refused(work, "fit", "--resume", "--out", folder)).toContain(
      `${folder}: another fit (process ${process.ppid}) is working on it`,
    );
  });

  it("without its log is still done", async () => {
    const folder = work.at("logless");
    await cp(work.at("made"), folder, { recursive: true });
    await rm(`${folder}/log.jsonl`);
    const { code, stderr } = await ansatz("fit", "--resume", "--out", folder);
    expect([code, stderr]).toEqual([0, `${folder} is done: its fit ended at epoch 1; nothing to resume\n`]);
  });

  it("no folder, or a file", async () => {
    expect(await refused(work, "score", work.at("absent"))).toContain("absent: no such run folder");
    expect(await refused(work, "score", work.at("ising.npz"))).toContain(
      "ising.npz: is a file, not a run folder",
    );
  });
});
