import type { SweepConfig } from '../config/sweep-config.ts';
import { createPureStudy, type PureStudyOptions, studyOptions } from '../study/index.ts';
import { printJson, printLine } from './context.ts';

const SHOWN = 10;

/** `launch --dry-run`: how many trials, and the first ones as they would be asked for before any result is known. */
export function previewSweep(
  config: SweepConfig,
  given: Pick<PureStudyOptions, 'samplerPlugin' | 'transfer'>,
  json: boolean,
): void {
  const study = createPureStudy({ ...studyOptions(config), ...given });
  const trials = study.remaining();
  const first: Array<{ number: number; params: unknown }> = [];
  while (first.length < SHOWN && study.waitsFor() === null) {
    const asked = study.ask();
    if (asked === null) break;
    first.push({ number: asked.number, params: asked.params });
  }
  if (json) {
    printJson({ sweep: config.name, method: config.method, trials, first });
    return;
  }
  printLine(`${config.name}: ${config.method}, ${trials ?? 'unlimited'} trials. The first ${first.length}:`);
  for (const { number, params } of first)
    printLine(`  ${String(number).padStart(3)}  ${JSON.stringify(params)}`);
  if (config.method === 'bayes') printLine('Later ones depend on what these achieve.');
}
