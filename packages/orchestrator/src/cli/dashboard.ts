import { once } from 'node:events';
import type { Command } from 'commander';
import { TfsweepError } from '../errors.ts';
import { type CommonFlags, note, printLine, stateDir, withExamples } from './context.ts';
import { loadDashboardModule } from './optional-package.ts';

export function addDashboardVerb(program: Command): void {
  const command = program
    .command('dashboard')
    .description('serve the page with leaderboards, curves and trials, live')
    .option('--port <n>', 'port, or the next free one', '7878')
    .option('--host <address>', 'address to listen on; beyond loopback a token is asked for', '127.0.0.1')
    .option('--dir <folder>', 'folder that holds the sweeps (default: the nearest .tfsweep)');
  withExamples(command, ['tfsweep dashboard', 'tfsweep dashboard --port 9000']).action(serve);
}

async function serve(flags: CommonFlags & { port: string; host: string }): Promise<void> {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TfsweepError('USAGE', `--port ${flags.port}: expected a port from 0 to 65535.`, {
      exitCode: 2,
    });
  }
  const { startDashboard } = await loadDashboardModule();
  const dashboard = await startDashboard({ dir: stateDir(flags), host: flags.host, port });
  printLine(dashboard.url);
  note('Ctrl-C ends it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await dashboard.close();
}
