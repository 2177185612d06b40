import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the program that starts a Chromium that lies unpacked in a folder: with its own libraries and fonts, and none
 * of the launcher script, which knows only places below `/usr`.
 * @param {string} folder
 * @returns {string} the program
 */
export function writeChromiumWrapper(folder) {
  const fonts = join(folder, 'fonts.conf');
  writeFileSync(
    fonts,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/usr/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`,
  );
  const wrapper = join(folder, 'start-chromium');
  writeFileSync(
    wrapper,
    `#!/bin/sh
export LD_LIBRARY_PATH=${quoted(libraryFolders(folder).join(':'))}
export FONTCONFIG_FILE=${quoted(fonts)}
exec ${quoted(join(folder, 'usr', 'lib', 'chromium', 'chromium'))} "$@"
`,
  );
  chmodSync(wrapper, 0o755);
  return wrapper;
}

/**
 * Every folder with a shared library: some packages keep theirs in one of their own.
 * @param {string} folder
 * @returns {string[]}
 */
function libraryFolders(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => libraryFolders(join(folder, entry.name)));
  return entries.some((entry) => /^lib.*\.so(\.|$)/.test(entry.name)) ? [folder, ...below] : below;
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
