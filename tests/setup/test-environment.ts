import { findChromium } from '../../scripts/setup/chromium.mjs';

/** Where set-up found a browser, tests find it too, also when vitest is run by itself. */
export default function setup(): void {
  const chromium = findChromium();
  if (chromium !== null) process.env.TFSWEEP_CHROMIUM = chromium;
}
