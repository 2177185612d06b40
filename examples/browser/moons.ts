import * as tf from '@tensorflow/tfjs';
import { createRng } from '@tfsweep/orchestrator/study';

export interface Part {
  /** [n, 2] */
  readonly x: tf.Tensor2D;
  /** [n, 1], 0 or 1: which of the moons. */
  readonly y: tf.Tensor2D;
}

const NOISE = 0.15;

/** `count` points on two interleaved half moons, with noise. The same seed gives the same points. */
export function moons(count: number, seed: number): Part {
  const rng = createRng(seed, 0, 'moons');
  const points: Array<[number, number]> = [];
  const labels: Array<[number]> = [];
  for (let i = 0; i < count; i++) {
    const angle = Math.PI * rng.next();
    const upper = i % 2 === 0;
    const x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
    const y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
    points.push([x + NOISE * rng.normal(), y + NOISE * rng.normal()]);
    labels.push([upper ? 1 : 0]);
  }
  return { x: tf.tensor2d(points), y: tf.tensor2d(labels) };
}
