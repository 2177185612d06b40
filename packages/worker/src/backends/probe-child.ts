import { BackendUnavailableError } from './errors.ts';
import { loadBackend } from './load-backend.ts';
import { trainSmallModel } from './train-small-model.ts';

/** Started by `probeBackends` with a backend's name: says on its channel whether that backend trains. */
async function probe(name: string): Promise<{ works: boolean; detail: string }> {
  try {
    const { tf, versions } = await loadBackend(name);
    const loss = await trainSmallModel(tf);
    if (!Number.isFinite(loss)) return { works: false, detail: `A training step gave the loss ${loss}.` };
    const { node: _node, tfjs: _tfjs, ...own } = versions;
    const parts = Object.entries({ tfjs: versions.tfjs, ...own }).map(
      ([part, version]) => `${part} ${version}`,
    );
    return { works: true, detail: parts.join(', ') };
  } catch (error) {
    return { works: false, detail: whyNot(name, error) };
  }
}

function whyNot(name: string, error: unknown): string {
  if (error instanceof BackendUnavailableError) return error.reasons.join(' ').replace(`${name}: `, '');
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}

const result = await probe(process.argv[2] ?? '');
process.send?.(result, () => process.exit(0));
