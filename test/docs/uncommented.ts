export const none = 0;

/** Zero. */
export const word = 0;

/** The number that changes nothing when it is added. */
export const whole = 0;

/** A type whose members are commented to different degrees. */
export type Members =
  | {
      readonly bare: number;
      /** Word. */
      readonly word: number;
      /** A sentence about it. */
      readonly told: number;
    }
  | { readonly inner: number };

interface HiddenOptions {
  readonly of?: number;
}

/** A function whose options no program can name. */
export function nameless(options: HiddenOptions): number {
  return options.of ?? 0;
}
