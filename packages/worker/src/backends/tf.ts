import type * as tfjs from '@tensorflow/tfjs';

/** TensorFlow.js as this process uses it: loaded at run time by `loadBackend`, so only its type is ever imported. */
export type Tf = typeof tfjs;
export type { LayersModel, Optimizer, Tensor, TensorInfo } from '@tensorflow/tfjs';
