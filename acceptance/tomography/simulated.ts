import {
  directFidelity,
  type GoodnessOfFit,
  parametricBootstrap,
  pauliEstimates,
  purity,
} from "ansatz/evaluate";
import { Key } from "ansatz/random";
import { createState } from "ansatz/systems";
import { drawCounts, maximumLikelihood, overlap, pureState, type Tally, withCounts } from "ansatz/tomography";
import { type Acceptance, timed } from "../acceptance.ts";
import { settingOf } from "./shots.ts";

const pauliNames = (qubits: number): string[] =>
  qubits === 0
    ? [""]
    : pauliNames(qubits - 1).flatMap((name) => ["X", "Y", "Z"].map((letter) => name + letter));

/** Shots of a state in all Pauli settings, exact draws. */
function simulated(
  parameters: { readonly qubits: number } & Record<string, unknown>,
  each: number,
  key: Key,
) {
  const { qubits } = parameters;
  const state = createState("ghz", parameters);
  const settings = pauliNames(qubits).map(settingOf);
  const half = Math.ceil(settings.length / 2);
  const p = Float64Array.from(
    settings.flatMap(({ axes }, s) => [
      ...state.probabilities(axes, parameters.drift !== undefined && s >= half),
    ]),
  );
  const tally = withCounts(
    { qubits, settings, name: "simulated" },
    p.map((v) => v * each),
  );
  const whole: Tally = { ...tally, shotsOf: tally.shotsOf.map(() => each) };
  return { draw: (own: Key) => drawCounts(whole, p, own), first: () => drawCounts(whole, p, key), state };
}

const ghz = (qubits: number) =>
  pureState(Float64Array.from({ length: 2 ** qubits }, (_, i) => (i === 0 || i === 2 ** qubits - 1 ? 1 : 0)));

const eight: Acceptance = {
  name: "tomography-eight",
  summary: "GHZ of 8 qubits, each depolarised by 0.02, 65,610 shots in all Pauli settings: fidelity",
  settings: { shots: 10 },
  seeds: [0, 1],
  secondsAtMost: 60,
  async measure(seed) {
    const data = simulated({ qubits: 8, depolarise: 0.02 }, 10, Key.fromSeed(seed)).first();
    const { value: found, cost } = await timed(async () => maximumLikelihood(data));
    return {
      seed,
      result: { value: overlap(found.rho, ghz(8)), error: directFidelity(data, ghz(8)).error },
      notes: `NLL ${(found.loss * data.shots).toFixed(4)}, within ${found.gap.toExponential(1)} nats, ${found.steps} steps`,
      checks: [["within 0.001 nats of the optimum", found.gap <= 1e-3]],
      cost,
    };
  },
};

/** The smallest and largest of some numbers. */
const range = (list: readonly number[]) =>
  `${Math.min(...list).toFixed(1)} to ${Math.max(...list).toFixed(1)}`;

/** How far data of a state that turned lie from those of a single one. */
const drift = (each: number, bar: boolean): Acceptance => ({
  name: `tomography-drift-${each}`,
  summary: `GHZ-3 with white noise 0.1, 27 × ${each} shots, turned by 0.3 rad about y after half of the settings: deviance in σ of the bootstrap`,
  settings: { replicas: 100, seeds: 20 },
  seeds: [0],
  ...(bar && { bar: { atLeast: 6 } }),
  async measure(seed) {
    const fits = async (parameters: Record<string, unknown>) => {
      const key = Key.fromSeed(seed);
      const { draw } = simulated({ qubits: 3, white: 0.1, ...parameters }, each, key);
      const all: GoodnessOfFit[] = [];
      for (let k = 0; k < 20; k++) {
        const data = draw(key.fold(k));
        const { rho } = maximumLikelihood(data, { tolerance: 1e-2 });
        const boot = await parametricBootstrap(data, rho, {
          ...{ replicas: 100, key: key.fold(100 + k), numbers: {} },
        });
        all.push(boot.fit);
      }
      return all;
    };
    const { value, cost } = await timed(async () => ({
      moved: await fits({ drift: 0.3 }),
      still: await fits({}),
    }));
    const moved = value.moved.map((fit) => fit.sigmas);
    const [turned, idle] = [value.moved, value.still].map((all) => all.map((fit) => fit.turn!.sigmas));
    const within = value.still.filter((fit) => Math.abs(fit.sigmas) < 3 && fit.turn!.sigmas < 3).length;
    return {
      seed,
      result: { value: Math.min(...moved), error: Number.NaN },
      notes: `deviance ${range(moved)}, test of turns ${range(turned!)} (without drift ${range(idle!)}); without drift within 3 σ in ${within} of 20`,
      checks: [["without drift within 3 σ in 19 of 20", within >= 19]],
      cost,
    };
  },
});

/** The share of 400 data sets whose interval of one σ holds the true value. */
function coverage(name: string, white: number, bar: boolean): Acceptance {
  return {
    name: `tomography-coverage-${name}`,
    summary: `GHZ-2 with white noise ${white}, 9 × 100 shots: share of 400 data sets within 1 σ`,
    settings: { replicas: 100 },
    seeds: [0],
    async measure(seed) {
      const key = Key.fromSeed(seed);
      const { draw } = simulated({ qubits: 2, white }, 100, key);
      const truth = (1 - white) ** 2 * 0.75 + 0.25;
      const exact = { fidelity: 1 - white + white / 4, XX: 1 - white, ZZ: 1 - white, IX: 0, purity: truth };
      const held: Record<string, number> = { fidelity: 0, XX: 0, ZZ: 0, IX: 0, purity: 0 };
      const count = (what: keyof typeof exact, { value, error }: { value: number; error: number }) => {
        if (Math.abs(value - exact[what]) <= error) held[what]!++;
      };
      const { cost } = await timed(async () => {
        for (let k = 0; k < 400; k++) {
          const data = draw(key.fold(k));
          count("fidelity", directFidelity(data, ghz(2)));
          const { means, errors } = pauliEstimates(data)!;
          for (const [what, at] of [
            ["XX", 5],
            ["ZZ", 15],
            ["IX", 1],
          ] as const)
            count(what, { value: means[at]!, error: errors[at]! });
          const { rho } = maximumLikelihood(data, { tolerance: 1e-2 });
          const boot = await parametricBootstrap(data, rho, {
            replicas: 100,
            key: key.fold(1000 + k),
            numbers: { purity },
          });
          count("purity", boot.values.purity!);
        }
      });
      const shares = Object.entries(held).map(([what, n]) => [what, n / 400] as const);
      return {
        seed,
        result: { value: held.fidelity! / 400, error: Math.sqrt(0.68 * 0.32) / 20 },
        notes: shares.map(([what, share]) => `${what} ${share.toFixed(3)}`).join(", "),
        checks: bar
          ? shares.map(
              ([what, share]) => [`${what} from 0.60 to 0.76`, share >= 0.6 && share <= 0.76] as const,
            )
          : [],
        cost,
      };
    },
  };
}

/** Maximum likelihood and its errors where the truth is known. */
export const tomographySimulated: readonly Acceptance[] = [
  eight,
  drift(200, false),
  drift(1000, true),
  drift(4000, true),
  coverage("depolarised", 0.3, true),
  coverage("pure", 0, false),
];
