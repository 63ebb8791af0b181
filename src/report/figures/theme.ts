/**
 * The look of every figure. The colours are Okabe and Ito's, distinguishable with any colour vision
 * (jfly.uni-koeln.de/color, 2008); ink is `currentColor`, so that a figure follows the page around it, light
 * or dark, and is black on its own.
 */
export const theme = {
  /** Width and height of a chart, in px: one journal column at 200 %. */
  width: 480,
  height: 300,
  /** Text size in px; a figure set one column wide (86 mm) prints it at about 7 pt. */
  fontSize: 14,
  fontFamily: "'Source Sans 3', 'Source Sans Pro', system-ui, sans-serif",
  margin: { top: 14, right: 26, bottom: 46, left: 86 },
  /** Opacity of axis lines, ticks and grid lines drawn in ink. */
  axisOpacity: 0.6,
  gridOpacity: 0.1,
  lineWidth: 1.75,
  errorWidth: 1.4,
  bandOpacity: 0.2,
  dash: "6,3",
  colour: {
    ink: "currentColor",
    /** Measured data. */
    data: "currentColor",
    /** Values of the model. */
    model: "#0072B2",
    train: "#8C96A0",
    validation: "#0072B2",
    /** Exact and reference values. */
    exact: "#D55E00",
  },
  /** A spin down and a spin up; unmistakable in grey print and on light and dark pages. */
  spin: { down: "#E3E7EB", up: "#24405C" },
  /** Colours of categorical states, in order. */
  categories: ["#E3E7EB", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#24405C"],
} as const;
