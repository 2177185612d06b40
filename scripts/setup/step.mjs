import { duration, say } from './say.mjs';
import { Stamp } from './stamp.mjs';

/**
 * Carries out one step of set-up, unless its stamp says that nothing has changed since it last came to its end.
 * @param {object} step
 * @param {string} step.folder where stamps lie
 * @param {string} step.name
 * @param {string} step.announce what is done and about how long it takes
 * @param {string} step.fingerprint of everything that decides the result
 * @param {() => boolean} step.isThere does the result still exist?
 * @param {() => Promise<void>} step.work
 * @returns {Promise<'done' | 'skipped'>}
 */
export async function runStep({ folder, name, announce, fingerprint, isThere, work }) {
  const stamp = new Stamp(folder, name);
  if (stamp.matches(fingerprint) && isThere()) return 'skipped';
  stamp.clear();
  say(`• ${announce}`);
  const began = Date.now();
  await work();
  stamp.write(fingerprint);
  say(`  done in ${duration(Date.now() - began)}`);
  return 'done';
}
