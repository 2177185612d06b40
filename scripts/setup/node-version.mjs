// This file alone is read by every Node there is: it uses no syntax or module that an old one lacks.

/** The same rule as `engines` in package.json. */
const OLDEST_MINOR = { 20: 19, 22: 12 };
const OLDEST_OTHER = 24;

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | null} what is wrong and what to do, or null
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const oldestMinor = OLDEST_MINOR[/** @type {keyof typeof OLDEST_MINOR} */ (major)];
  const serves = oldestMinor === undefined ? major >= OLDEST_OTHER : minor >= oldestMinor;
  if (serves) return null;
  return (
    `tfsweep needs Node 20.19 or newer of the 20 line, 22.12 or newer of the 22 line, or 24 and up; this is Node ${version}. ` +
    'Get one from https://nodejs.org, or with a version manager: nvm install 22'
  );
}
