import { parseConfig } from '../config/index.ts';
import { schedulerSchema } from '../config/scheduler-schema.ts';
import { createScheduler } from '../schedulers/index.ts';
import { describeScheduler } from './describe-scheduler.ts';

const MAX_STEP = 27;

/** What a scheduler can't do without. */
const NEEDED: Readonly<Record<string, string>> = {
  patience: 'patience: 3',
  percentile: 'percentile: 30',
  threshold: 'upper: 8',
};

/** Whatever a sweep file can name is tested, so that a new scheduler needs no line here; and forms of the old ones. */
const NAMED = schedulerSchema.options.map(({ shape }) => {
  const type = String(shape.type.def.values[0]);
  return NEEDED[type] === undefined ? `type: ${type}` : `type: ${type}, ${NEEDED[type]}`;
});
const FORMS = [
  'type: asha, mode: promotion',
  'type: hyperband, brackets: true',
  'type: hyperband, strict: true, s: 2, max_iter: 27',
  'type: patience, patience: 2, wraps: {type: median}',
  'type: median, startup_trials: 1, warmup_steps: 4',
];

for (const form of [...NAMED, ...FORMS]) {
  const { config } = parseConfig(
    `parameters: {x: {min: 0.0, max: 1.0}}
fidelity: {min: 1, max: ${MAX_STEP}}
early_terminate: {${form}}
trainer: {module: ./train.ts}
metric: {name: loss}
checkpoints: {every: 1}
run_cap: 30`,
    'sweep.yaml',
  );
  describeScheduler(`{${form}}`, () => createScheduler(config.earlyTerminate!, MAX_STEP), {
    maxStep: MAX_STEP,
  });
}
