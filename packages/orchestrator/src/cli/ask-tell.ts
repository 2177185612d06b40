import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Command } from 'commander';
import { loadConfig } from '../config/index.ts';
import { TfsweepError } from '../errors.ts';
import { createAskTell, createPureStudy, studyOptions } from '../study/index.ts';
import { type AddVerb, type CommonFlags, stateDir, withExamples } from './context.ts';
import { earlierSweeps } from './earlier-sweeps.ts';
import { samplerPlugin } from './sampler-plugin.ts';

/** `tfsweep ask-tell CONFIG`: the search engine alone, a JSON object per line in and out. */
export const addAskTellVerb: AddVerb = (program: Command) => {
  const command = program
    .command('ask-tell')
    .description(
      'the search engine alone: one JSON object per line on standard input and output, for any language',
    )
    .argument('<config>', 'the sweep file; `trainer` may be missing')
    .option('--seed <n>', "instead of the config's seed: 0 to 4294967295", parseSeed)
    .option('--dir <folder>', 'the .tfsweep folder in which `warm_start.sweeps` are; it is only read')
    .action(async (path: string, flags: CommonFlags & { seed?: number }) => {
      const { config, configDir } = loadConfig(path, { trainerOptional: true, set: [] });
      const study = createPureStudy({
        ...studyOptions({ ...config, seed: flags.seed ?? config.seed }),
        samplerPlugin: await samplerPlugin(config, configDir),
        transfer: earlierSweeps(stateDir(flags), config),
      });
      await answerLines(process.stdin, process.stdout, createAskTell(study));
    });
  withExamples(command, [
    `echo '{"op":"ask"}' | tfsweep ask-tell sweep.yaml`,
    'tfsweep ask-tell sweep.yaml --seed 3 < requests.jsonl',
  ]);
};

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 0xffffffff) return seed;
  throw new TfsweepError(
    'BAD_SEED',
    `--seed is \`${text}\`; it must be a whole number from 0 to 4294967295.`,
    { exitCode: 2 },
  );
}

/** A line that is longer is answered with an error, and none of it is kept. */
const MAX_LINE = 1024 * 1024;

/** Answers every line of `input` until its end, or until nobody reads `output` any more. */
export async function answerLines(
  input: AsyncIterable<Uint8Array | string>,
  output: Writable,
  answer: (line: string) => string,
): Promise<void> {
  let closed: NodeJS.ErrnoException | null = null;
  const onError = (error: NodeJS.ErrnoException): void => {
    closed = error;
  };
  output.on('error', onError);
  try {
    for await (const line of splitLines(input)) {
      if (closed !== null || output.destroyed) break;
      const reply =
        line === null
          ? JSON.stringify({ error: `A request may have ${MAX_LINE} characters at most.` })
          : answer(line);
      if (!output.write(`${reply}\n`))
        await Promise.race([once(output, 'drain'), once(output, 'close')]).catch(() => {});
    }
  } finally {
    output.off('error', onError);
  }
  if (closed !== null && (closed as NodeJS.ErrnoException).code !== 'EPIPE') throw closed;
}

/** Null stands for a line that is too long. A last line needs no line end. */
async function* splitLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string | null> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  const take = (): string | null => {
    const line = length > MAX_LINE ? null : parts.join('').replace(/\r$/, '');
    parts = [];
    length = 0;
    return line;
  };
  const keep = (text: string): void => {
    length += text.length;
    if (length > MAX_LINE) parts = [];
    else parts.push(text);
  };
  for await (const chunk of input) {
    const [first = '', ...rest] = (
      typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    ).split('\n');
    keep(first);
    for (const text of rest) {
      yield take();
      keep(text);
    }
  }
  if (length > 0) yield take();
}
