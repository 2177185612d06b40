import { buildState } from '../../scripts/setup/build.mjs';

/** These tests start the built product: an old build would make them say nothing about the sources. */
export default function setup(): void {
  const state = buildState();
  if (state !== 'fresh')
    throw new Error(`The build is ${state}. Run \`pnpm build\` (or \`npm test\`, which does) first.`);
}
