import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasDebianPackages, loadBuiltQueue } from './built-queue.mjs';
import { writeChromiumWrapper } from './chromium-wrapper.mjs';
import { executablesOnPath, isExecutable, SETUP_DIR, STATE_DIR } from './paths.mjs';
import { duration, say } from './say.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const BROUGHT = join(STATE_DIR, 'tools', 'chromium');
/** chromium-common is named because a machine may have it already and still lack the browser itself. */
const PACKAGES = ['chromium', 'chromium-common', 'fonts-dejavu-core'];
/** Holds the path of the browser that was seen to work. */
const FOUND = join(SETUP_DIR, 'chromium.path');
const START_TIMEOUT_MS = 60_000;
const HEARTBEAT_MS = 15_000;

/**
 * The browser for the dashboard's tests: the one in TFSWEEP_CHROMIUM, else what set-up has found to work.
 * @returns {string | null}
 */
export function findChromium() {
  const browser = process.env.TFSWEEP_CHROMIUM || remembered();
  return browser !== null && isExecutable(browser) ? browser : null;
}

/** Finds a browser that can draw a page, or else unpacks the distribution's into the clone. */
export async function bringChromium() {
  if (findChromium() !== null) return;
  const here = [...executablesOnPath(NAMES), ...APPLICATIONS.filter(isExecutable)];
  if (here.some(remember)) return;
  const brought = await unpack();
  if (brought !== null && remember(brought)) return;
  say(
    '  No browser is to be had here: the tests that need one are skipped. Install Chromium or Google Chrome,',
  );
  say('  or name one: TFSWEEP_CHROMIUM=/path/to/chromium npm test');
}

/** @returns {Promise<string | null>} */
async function unpack() {
  if (!hasDebianPackages()) return null;
  const { unpackDebianPackages } = await loadBuiltQueue();
  say(
    '• Bringing Chromium for the dashboard’s tests: unpacking it below .tfsweep/tools (up to 200 MB, about a minute)',
  );
  const began = Date.now();
  const heartbeat = setInterval(
    () => say(`    … ${duration(Date.now() - began)}, still fetching Chromium`),
    HEARTBEAT_MS,
  );
  try {
    await unpackDebianPackages({ packages: PACKAGES, into: BROUGHT, note: () => {} });
    const wrapper = writeChromiumWrapper(BROUGHT);
    say(`  done in ${duration(Date.now() - began)}`);
    return wrapper;
  } catch (error) {
    say(`  ${error instanceof Error ? error.message : error}`);
    return null;
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * Lets the browser draw an empty page, and remembers it if it can.
 * @param {string} browser
 */
function remember(browser) {
  say(`• Checking that ${browser} starts (a few seconds)`);
  const began = Date.now();
  const profile = mkdtempSync(join(tmpdir(), 'tfsweep-chromium-'));
  try {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
    const { stdout } = spawnSync(browser, [...flags, '--dump-dom', 'about:blank'], {
      encoding: 'utf8',
      timeout: START_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const draws = stdout.includes('<html>');
    say(draws ? `  done in ${duration(Date.now() - began)}` : '  it does not start');
    if (draws) {
      mkdirSync(SETUP_DIR, { recursive: true });
      writeFileSync(FOUND, browser);
    }
    return draws;
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function remembered() {
  try {
    return readFileSync(FOUND, 'utf8');
  } catch {
    return null;
  }
}
