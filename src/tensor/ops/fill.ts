import type { DType } from "../../array.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { scalar } from "./constant.ts";
import { broadcastTo } from "./layout.ts";

/** A tensor of one repeated value. */
export function full(shape: Shape, value: number, dtype: DType = "f32"): Tensor {
  return shape.length === 0 ? scalar(value, dtype) : broadcastTo(scalar(value, dtype), shape);
}

/** Zeros of a shape. */
export function zeros(shape: Shape, dtype: DType = "f32"): Tensor {
  return full(shape, 0, dtype);
}

/** Ones of a shape. */
export function ones(shape: Shape, dtype: DType = "f32"): Tensor {
  return full(shape, 1, dtype);
}
