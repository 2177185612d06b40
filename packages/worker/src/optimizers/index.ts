/** Optimizers and learning-rate schedules for trainers (`@tfsweep/worker/optimizers`). */
export { createOptimizer, type OptimizerOptions, type SteppingOptimizer } from './create-optimizer.ts';
export { clipByGlobalNorm, clipByValue } from './gradient-clipping.ts';
export { Plateau, type PlateauState } from './plateau.ts';
export { learningRateFactor, type TrainingLength } from './schedule.ts';
