import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { duration, say } from './say.mjs';
import { SetupError } from './setup-error.mjs';

const HEARTBEAT_MS = 15_000;
const KILL_GRACE_MS = 3_000;
const TAIL_LINES = 40;
const POSIX = process.platform !== 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program with its output in a log file; a line every 15 s shows that it is alive. On failure the end of the
 * log is shown.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.log
 * @param {string} options.what what is being done, for the heartbeat and the error
 * @param {(log: string) => string | null} [options.phase] reads from the log what goes on now
 * @param {(log: string) => string | null} [options.advice] reads from the log what would help after a failure
 * @returns {Promise<void>}
 */
export async function runLogged(command, args, { cwd, env, log, what, phase, advice }) {
  mkdirSync(dirname(log), { recursive: true });
  const began = Date.now();
  const output = openSync(log, 'w');
  const heartbeat = setInterval(() => {
    const now = phase?.(readFileSync(log, 'utf8'));
    say(`    … ${duration(Date.now() - began)}, still ${now ?? what}`);
  }, HEARTBEAT_MS);
  try {
    // A group of its own: compilers that npm or pnpm started end with it when set-up is interrupted.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], detached: POSIX });
    const { code, signal, error } = await ended(child);
    if (error !== null) throw new SetupError(`Could not start ${command}: ${error.message}`);
    if (code === 0) return;
    const text = readFileSync(log, 'utf8');
    const tail = text.trimEnd().split('\n').slice(-TAIL_LINES);
    const help = advice?.(text);
    throw new SetupError(
      [
        `Failed (${signal ?? `exit code ${code}`}): ${what}. The end of its output:`,
        ...tail.map((line) => `    ${line}`),
        `All of it: ${log}`,
        ...(help ? [help] : []),
      ].join('\n'),
    );
  } finally {
    clearInterval(heartbeat);
    closeSync(output);
  }
}

/**
 * Runs a program on this terminal and returns what to exit with: its code, or 128 plus the number of its signal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<number>}
 */
export async function runAttached(command, args, { cwd, env }) {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole foreground group: passing it on would count as a second one.
  const keepWaiting = () => {};
  const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on('SIGINT', keepWaiting);
  process.on('SIGTERM', passOn);
  process.on('SIGHUP', passOn);
  try {
    const { code, signal, error } = await ended(child);
    if (error !== null) throw new SetupError(`Could not start ${command}: ${error.message}`);
    return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  } finally {
    process.off('SIGINT', keepWaiting);
    process.off('SIGTERM', passOn);
    process.off('SIGHUP', passOn);
  }
}

/**
 * Until the returned function is called, an interruption ends every program that set-up started, then this process.
 * @returns {() => void}
 */
export function endChildrenOnSignals() {
  let ending = false;
  const onSignal = async (/** @type {NodeJS.Signals} */ signal) => {
    // npm passes on the Ctrl-C that the terminal has sent here as well.
    if (ending) return;
    ending = true;
    say(`\nInterrupted (${signal}). What was finished stays; the next run goes on from there.`);
    const children = [...running];
    const gone = Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
    for (const child of children) kill(child, 'SIGTERM');
    const timer = setTimeout(() => {
      for (const child of children) kill(child, 'SIGKILL');
    }, KILL_GRACE_MS);
    await gone;
    clearTimeout(timer);
    // Whatever the programs had started themselves and left behind.
    for (const child of children) kill(child, 'SIGKILL');
    process.exit(128 + constants.signals[signal]);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function kill(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(POSIX ? -child.pid : child.pid, signal);
  } catch {
    // Already gone.
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{code: number | null, signal: NodeJS.Signals | null, error: Error | null}>}
 */
function ended(child) {
  running.add(child);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal, error: null }));
  }).finally(() => running.delete(child));
}
