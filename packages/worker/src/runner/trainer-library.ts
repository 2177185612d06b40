import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Job, resolveReferences } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';
import { withSeededRandom } from '../data/seeded-random.ts';
import type { AnyTrainer } from '../trainers/api.ts';
import { dataPart, readTrainerSpec } from '../trainers/declarative/spec.ts';
import { declarativeTrainer } from '../trainers/declarative/trainer.ts';
import { loadTrainerModule } from '../trainers/load-module.ts';
import type { RunOrder } from './messages.ts';
import { pathInside } from './path-inside.ts';

/** Data sets that stay loaded. A sweep uses one; a worker that serves several sweeps in turn should not reload each time. */
const KEPT_DATA_SETS = 3;
/** The data of a trainer is that of all its trials: its random numbers come from no trial's seed. */
const DATA_SEED = 0;

export interface ReadyTrainer {
  readonly trainer: AnyTrainer;
  readonly args: Record<string, unknown>;
  readonly data: unknown;
  readonly pathOf: (relative: string) => string;
}

interface ChosenTrainer {
  /** Tells this trainer, in this version, from any other. */
  readonly key: string;
  readonly trainer: AnyTrainer;
  readonly args: Record<string, unknown>;
  /** What its data depend on. */
  readonly dataArgs: Record<string, unknown>;
}

interface LoadedModule {
  readonly key: string;
  readonly trainer: AnyTrainer;
}

/** The trainers of this process, and the data that they have loaded: one load for all trials with the same arguments. */
export class TrainerLibrary {
  readonly #tf: Tf;
  readonly #modules = new Map<string, LoadedModule>();
  /** Oldest use first. */
  readonly #data = new Map<string, { readonly value: unknown }>();

  constructor(tf: Tf) {
    this.#tf = tf;
  }

  /** @throws TrainerLoadError where module, spec or packaged data can't be loaded; whatever a trainer's `data` throws */
  async prepare(order: RunOrder): Promise<ReadyTrainer> {
    const pathOf = (relative: string): string => pathInside(order.rootDir, relative);
    const { key, trainer, args, dataArgs } = await this.#trainer(order);
    const dataKey = createHash('sha256')
      .update(JSON.stringify([key, order.rootDir, dataArgs]))
      .digest('hex');
    const data = await this.#dataOf(dataKey, async () =>
      trainer.data?.({ args: dataArgs, tf: this.#tf, pathOf }),
    );
    return { trainer, args, data, pathOf };
  }

  async #trainer(order: RunOrder): Promise<ChosenTrainer> {
    const { job } = order;
    const args = resolveArgs(job);
    if (job.trainer.kind === 'declarative') {
      const spec = readTrainerSpec(args);
      return { key: 'declarative', trainer: declarativeTrainer, args: spec, dataArgs: dataPart(spec) };
    }
    const path = order.modulePath ?? pathInside(order.rootDir, job.trainer.path);
    const key = `${path}\n${job.trainer.sha256}`;
    const known = this.#modules.get(path);
    if (known?.key === key) return { ...known, args, dataArgs: args };
    const cacheDir = join(order.artifactsDir, '.cache', 'modules');
    const trainer = await loadTrainerModule(this.#tf, { path, rootDir: order.rootDir, cacheDir });
    this.#modules.set(path, { key, trainer });
    return { key, trainer, args, dataArgs: args };
  }

  async #dataOf(key: string, load: () => Promise<unknown>): Promise<unknown> {
    const known = this.#data.get(key);
    if (known !== undefined) {
      this.#data.delete(key);
      this.#data.set(key, known);
      return known.value;
    }
    while (this.#data.size >= KEPT_DATA_SETS) {
      const [oldest, { value }] = this.#data.entries().next().value!;
      this.#data.delete(oldest);
      this.#tf.dispose(value as never);
    }
    const value = await withSeededRandom(DATA_SEED, load);
    this.#data.set(key, { value });
    return value;
  }
}

function resolveArgs(job: Job): Record<string, unknown> {
  const tree = job.trainer.kind === 'declarative' ? job.trainer.spec : job.trainer.args;
  return resolveReferences(tree, job.params) as Record<string, unknown>;
}
