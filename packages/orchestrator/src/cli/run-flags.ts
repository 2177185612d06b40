import { type Command, Option } from 'commander';
import { TfsweepError } from '../errors.ts';
import type { CommonFlags } from './context.ts';
import { addRedisOptions, type RedisFlags } from './redis-flags.ts';

/** Flags that launch and resume share: how the sweep runs, not what it searches. */
export interface RunFlags extends CommonFlags, RedisFlags {
  readonly workers?: number;
  readonly gpus?: string;
  readonly backend?: string;
  readonly queue: 'redis' | 'memory';
  readonly set: string[];
  readonly dashboard: boolean | string;
  readonly quiet?: boolean;
}

export function addRunOptions(command: Command): Command {
  addRedisOptions(command)
    .option('--dir <folder>', 'folder for everything tfsweep writes (default: the nearest .tfsweep)')
    .option(
      '--workers <n>',
      'local slots; 0: only workers started elsewhere (default: GPUs, else cores)',
      slotCount,
    )
    .option('--gpus <which>', 'all, none, or indices such as 0,2')
    .addOption(
      new Option('--backend <name>', 'tensor backend (default: the fastest that works)').choices(BACKENDS),
    )
    .addOption(
      new Option('--queue <kind>', 'what carries the trials').choices(['redis', 'memory']).default('redis'),
    )
    .option('--set <key=value>', 'change a key of the sweep file; may be repeated', collect, [])
    .option('--dashboard <port>', 'port of the dashboard (default: 7878 or the next free one)')
    .option('--no-dashboard', 'no dashboard')
    .option('--quiet', 'no progress')
    .option('--json', 'print the result as one JSON document');
  return command;
}

/** The chain of tfjs backends, fastest first. */
export const BACKENDS = ['node-gpu', 'node', 'webgpu', 'wasm', 'cpu'];

/** Gathers the values of a flag that may be repeated. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function slotCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 1024) {
    throw new TfsweepError('USAGE', `--workers ${text}: expected a whole number from 0 to 1024.`, {
      exitCode: 2,
    });
  }
  return count;
}
