import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TryOptions, TryResult } from '@tfsweep/orchestrator/protocol';
import { loadBackend } from '../backends/load-backend.ts';
import { Attempt } from './attempt.ts';
import { TrainerLibrary } from './trainer-library.ts';

/**
 * Runs one trial in this process, so that a debugger can step through it, and up to the job's `budget.to` even where
 * the trainer does not look at its budget. Nothing of it stays on disk.
 * @throws BackendUnavailableError
 */
export async function tryTrial(options: TryOptions): Promise<TryResult> {
  const backend = await loadBackend(options.backend);
  const runId = randomUUID();
  const tryDir = join(options.dir, 'try');
  const runDir = join(tryDir, runId);
  const { to } = options.job.budget;
  let enough = false;
  const attempt = new Attempt(
    {
      job: options.job,
      runId,
      rootDir: options.rootDir,
      modulePath: options.modulePath,
      runDir,
      runPath: runId,
      artifactsDir: tryDir,
    },
    backend,
    new TrainerLibrary(backend.tf),
    {
      report: async (step, values) => {
        if (to !== null && step > to) {
          enough = true;
          return 'it has trained the one step that was asked for';
        }
        options.onReport(step, values);
        return null;
      },
      checkpoint: () => {},
      log: (line) => void process.stderr.write(`${line}\n`),
    },
  );
  await mkdir(runDir, { recursive: true });
  try {
    const outcome = await attempt.run();
    return {
      outcome: enough && outcome.kind === 'stopped' ? { kind: 'complete', values: {} } : outcome,
      backend: backend.name,
    };
  } finally {
    await rm(tryDir, { recursive: true, force: true });
    // Only where this trial made it: a folder with anything in it stays.
    await rmdir(options.dir).catch(() => {});
  }
}
