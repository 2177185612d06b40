import { existsSync } from 'node:fs';

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium to test the page in: what TFSWEEP_CHROMIUM names, else the system's; null where there is none. */
export function findChromium(): string | null {
  const named = process.env.TFSWEEP_CHROMIUM;
  const places = named ? [named] : USUAL_PLACES;
  return places.find((path) => existsSync(path)) ?? null;
}
