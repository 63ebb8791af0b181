export { add, clip, div, maximum, minimum, mul, pow, square, sub } from "./arithmetic.ts";
export {
  and,
  cast,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  not,
  notEqual,
  or,
  where,
} from "./compare.ts";
export { arange, constant, lowerTriangle, scalar } from "./constant.ts";
export {
  type ConvolutionOptions,
  type ConvolutionTransposeOptions,
  conv2d,
  convTranspose2d,
} from "./convolution.ts";
export { batchSize } from "./count.ts";
export { customGradient, type Pullback, stopGradient } from "./custom.ts";
export {
  abs,
  cos,
  elu,
  erf,
  exp,
  expm1,
  floor,
  gelu,
  leakyRelu,
  log,
  log1p,
  logSigmoid,
  neg,
  relu,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  tanh,
} from "./elementwise.ts";
export { full, ones, zeros } from "./fill.ts";
export { gather, oneHot, scatterAdd } from "./gather.ts";
export {
  broadcastTo,
  concat,
  expandDims,
  flatten,
  flip,
  pad,
  padPeriodic,
  reshape,
  roll,
  slice,
  squeeze,
  stack,
  transpose,
} from "./layout.ts";
export { einsum, matmul } from "./linear.ts";
export { logAddExp } from "./log-add-exp.ts";
export { normal, SymbolicKey, uniform } from "./random.ts";
export {
  cumsum,
  logMeanExp,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  softmax,
  sum,
} from "./reduce.ts";
export { type ScanOptions, scan } from "./scan.ts";
export { layerNorm, standardize } from "./standardize.ts";
