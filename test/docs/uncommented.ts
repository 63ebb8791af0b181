export const none = 0;

/** Zero. */
export const word = 0;

/** The number that changes nothing when it is added. */
export const whole = 0;
