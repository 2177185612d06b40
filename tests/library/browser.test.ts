import { describe, expect, it } from 'vitest';
import { findChromium } from '../browser.ts';
import { openPage } from '../page-driver.ts';
import { bundle, serveFolder } from './bundled-page.ts';
import { search } from './page/search.js';

const chromium = findChromium();

/** Engines differ in the last bit of a logarithm. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === 'number' ? Number(part.toPrecision(10)) : part,
  );
}

describe.skipIf(chromium === null)('the search engine in a browser', () => {
  it('gives the very trials that it gives in Node', async () => {
    const url = await serveFolder(await bundle('tests/library/page'));
    const { page, complaints } = await openPage(chromium!, url);
    await expect.poll(() => page.title(), { timeout: 45_000 }).toMatch(/^\{/);
    expect(complaints).toEqual([]);
    const inPage = JSON.parse(await page.title());
    expect(inPage.tpe.trials).toHaveLength(25);
    expect(rounded(inPage.tpe)).toEqual(rounded(await search('tpe')));
    // From the eighth trial a Gaussian process is climbed to its top: there the last bits of engines add up to other
    // digits, not to other finds.
    const { best, trials } = await search('auto');
    expect(rounded(inPage.auto.trials.slice(0, 7))).toEqual(rounded(trials.slice(0, 7)));
    expect(inPage.auto.best.value).toBeCloseTo(best!.value, 2);
  });

  it('tunes a TensorFlow.js model inside the page, and shows the best so far while it runs', async () => {
    const url = await serveFolder(await bundle('examples/browser'));
    const { page, complaints } = await openPage(chromium!, `${url}/?trials=10`);
    const best = page.locator('#best');
    await page.locator('#best[data-state="running"]').waitFor();
    await page.locator('#best[data-state="done"]').waitFor({ timeout: 50_000 });
    expect(complaints).toEqual([]);
    const rows = await page.locator('#trials tr').allTextContents();
    expect(rows).toHaveLength(10);
    const losses = await page.locator('#trials tr[data-state="complete"] td:nth-child(3)').allTextContents();
    const least = Math.min(...losses.map(Number));
    expect(await best.textContent()).toContain(`10 of 10 trials, best so far: ${least.toFixed(4)} in trial`);
    // Guessing has a cross entropy of ln 2 = 0.69; one line through the moons reaches about 0.27.
    expect(least).toBeLessThan(0.35);
  });

  it('ends at once when its reader stops it, and keeps what was found', async () => {
    const url = await serveFolder(await bundle('examples/browser'));
    const { page, complaints } = await openPage(chromium!, `${url}/?trials=100000`);
    await page.locator('#trials tr[data-state="complete"]').first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('#best[data-state="stopped"]').waitFor();
    expect(await page.locator('#best').textContent()).toContain('best so far');
    expect(complaints).toEqual([]);
  });
});
