import type { SweepConfig } from '../config/sweep-config.ts';
import type { SamplerPlugin } from '../samplers/plugin.ts';
import type { Store } from '../store/types.ts';
import { studyOptions } from '../study/from-config.ts';
import { createPureStudy } from '../study/index.ts';
import type { Study } from '../study/types.ts';
import { OpenTrials } from './open-trials.ts';
import { clockOf } from './run-clock.ts';

/** The study as it was when the last orchestrator committed: (config, seed, history) decide it. */
export function replayStudy(
  store: Store,
  sweep: string,
  config: SweepConfig,
  samplerPlugin: SamplerPlugin | null = null,
): Study {
  const study = createPureStudy({ ...studyOptions(config), samplerPlugin, transfer: store.transfer(sweep) });
  for (const entry of store.history(sweep)) {
    switch (entry.kind) {
      case 'ask':
        study.restore(entry.params, entry.chosen);
        break;
      case 'report':
        study.report(entry.number, entry.step, entry.values ?? entry.value);
        break;
      case 'pause':
        study.pause(entry.number);
        break;
      case 'resume':
        study.resume(entry.number);
        break;
      case 'tell':
        study.tell(
          entry.number,
          entry.state === 'complete'
            ? {
                state: 'complete',
                ...(entry.values === null ? givenValue(entry.value) : { values: entry.values }),
              }
            : { state: entry.state },
        );
        break;
    }
  }
  return study;
}

function givenValue(value: number | null): { value?: number } {
  return value === null ? {} : { value };
}

/** Trials that are not over, with what is known of their runs. */
export function loadOpenTrials(store: Store, sweep: string): OpenTrials {
  const open = new OpenTrials();
  for (const row of store.trials(sweep, { states: ['queued', 'running', 'paused'] })) {
    const attempts = store.attempts(sweep, row.number);
    const current = attempts.findLast((attempt) => attempt.outcome === null);
    open.add({
      number: row.number,
      params: row.params,
      phase: row.state === 'running' || row.state === 'paused' ? row.state : 'queued',
      attempt: current?.attempt ?? 0,
      runId: current?.runId ?? null,
      workerId: current?.workerId ?? null,
      gpus: current?.gpus ?? 0,
      ...(current === undefined ? {} : clockOf(current, performance.now())),
      worker: current?.worker ?? null,
      lastSeq: current?.lastSeq ?? 0,
      step: row.step,
      saved: store.checkpoint(sweep, row.number)?.step ?? 0,
      failures: row.failures,
    });
  }
  return open;
}
