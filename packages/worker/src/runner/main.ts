import { loadBackend } from '../backends/load-backend.ts';
import { BACKEND_VARIABLE, type FromRunner, type ToRunner } from './messages.ts';
import { Runner } from './runner.ts';

/** Entry of the child process in which attempts train, one after the other. Its agent speaks to it over IPC. */

const send = (message: FromRunner): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });

// Its agent is gone: nobody would ever read what is still to come.
process.once('disconnect', () => process.exit(0));

let runner: Runner | null = null;
const waiting: ToRunner[] = [];
process.on('message', (message: ToRunner) => {
  if (runner === null) waiting.push(message);
  else runner.receive(message);
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => runner?.crash(error));
}

try {
  const backend = await loadBackend(process.env[BACKEND_VARIABLE] || null);
  runner = new Runner(backend, {
    send,
    exit: () => process.exit(0),
    log: (line) => void process.stdout.write(`${line}\n`),
  });
  await send({ type: 'ready', backend: backend.name, versions: backend.versions });
  for (const message of waiting) runner.receive(message);
} catch (error) {
  await send({ type: 'unusable', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
