import type { SweepConfig } from '../config/sweep-config.ts';
import type { EarlierSweep } from '../store/index.ts';
import { createPureStudy, studyOptions } from '../study/index.ts';
import { printJson, printLine } from './context.ts';

const SHOWN = 10;

/** `launch --dry-run`: how many trials, and the first ones as they would be asked for before any result is known. */
export function previewSweep(config: SweepConfig, transfer: readonly EarlierSweep[], json: boolean): void {
  const study = createPureStudy({ ...studyOptions(config), transfer });
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
