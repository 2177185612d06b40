import { startDashboard } from '@tfsweep/dashboard';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findChromium } from '../browser.ts';
import { openPage } from '../page-driver.ts';
import { serve } from './dashboard-client.ts';
import { SampleSweep, tempDir } from './sample-store.ts';

const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><b>bold</b>';

const chromium = findChromium();
if (chromium === null && process.env.CI === 'true') {
  it('has a Chromium to test the page in', () => {
    expect.fail('No Chromium: install it, or name one in TFSWEEP_CHROMIUM.');
  });
}

describe.skipIf(chromium === null)(
  chromium === null ? 'the page (skipped: no Chromium here, and TFSWEEP_CHROMIUM names none)' : 'the page',
  () => {
    it('shows the leaderboard, puts a better trial first without a reload, and opens it', async () => {
      const dir = tempDir();
      const sweep = await SampleSweep.create(dir);
      await sweep.complete(0, 0.9);
      await sweep.complete(1, 0.95);
      await sweep.start(2);
      const { page, complaints } = await openPage(chromium!, await serve(dir));
      const rows = page.locator('.leaderboard tbody tr');
      await rows.nth(2).waitFor();
      await expect.poll(() => rows.locator('th').allTextContents()).toEqual(['1', '0', '2']);
      await page.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));

      await sweep.complete(3, 0.97);
      await page.locator('tr[data-best="true"]', { hasText: '0.97' }).waitFor();
      await expect.poll(() => rows.locator('th').allTextContents()).toEqual(['3', '1', '0', '2']);
      expect(await page.locator('.cards').textContent()).toContain('0.97');
      expect(await page.locator('[data-same-page]').count()).toBe(1);

      await rows.first().locator('td').last().click();
      await page.getByRole('heading', { name: 'Trial 3' }).waitFor();
      expect(await page.getByText('rank 1').count()).toBe(1);
      await page.locator('.curves canvas').first().waitFor();
      expect(complaints).toEqual([]);
    });

    it('shows what a trainer wrote as text, never as markup', async () => {
      const dir = tempDir();
      const sweep = await SampleSweep.create(dir, { description: HOSTILE });
      await sweep.complete(0, 0.9, { params: { learning_rate: 0.1, units: 16, optimizer: HOSTILE } });
      await sweep.fail(1, HOSTILE);
      const { page, complaints } = await openPage(chromium!, await serve(dir));
      await page.locator('.leaderboard td', { hasText: '<b>bold</b>' }).first().waitFor();
      await page.getByRole('link', { name: '1', exact: true }).click();
      await page.locator('.error-message', { hasText: HOSTILE }).waitFor();
      expect(await page.locator('pre').textContent()).toContain(HOSTILE);
      expect(await page.locator('main img, main b').count()).toBe(0);
      expect(await page.title()).toBe('Trial 1 of digits · tfsweep');
      expect(complaints).toEqual([]);
    });

    it('sorts by a column, says so to a screen reader, and filters by state', async () => {
      const dir = tempDir();
      const sweep = await SampleSweep.create(dir);
      await sweep.complete(0, 0.9, { params: { learning_rate: 0.01, units: 16, optimizer: 'sgd' } });
      await sweep.complete(1, 0.8, { params: { learning_rate: 0.001, units: 16, optimizer: 'sgd' } });
      await sweep.prune(2, { params: { units: 16, optimizer: 'sgd' }, accuracies: [0.1] });
      const { page } = await openPage(chromium!, await serve(dir));
      const numbers = page.locator('.leaderboard tbody th');
      const header = page.getByRole('columnheader', { name: 'learning_rate' });
      await header.getByRole('button').press('Enter');
      await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
      await expect.poll(() => numbers.allTextContents()).toEqual(['1', '0', '2']);
      await header.getByRole('button').press('Enter');
      await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
      await expect.poll(() => numbers.allTextContents()).toEqual(['0', '1', '2']);

      await page.getByRole('button', { name: '1 pruned' }).click();
      await expect.poll(() => numbers.allTextContents()).toEqual(['2']);
    });

    it('goes on by itself when the dashboard was away, with what it missed', async () => {
      const dir = tempDir();
      const sweep = await SampleSweep.create(dir);
      await sweep.complete(0, 0.9);
      const first = await startDashboard({ dir, port: 0 });
      onTestFinished(() => first.close());
      const { page } = await openPage(chromium!, first.url);
      await page.locator('.leaderboard tbody tr').first().waitFor();
      await first.close();
      await page.locator('[data-connection="lost"]').waitFor();
      await sweep.complete(1, 0.95);

      await serve(dir, { port: Number(new URL(first.url).port) });
      await page.locator('[data-connection="live"]').waitFor();
      await expect.poll(() => page.locator('.leaderboard tbody th').allTextContents()).toEqual(['1', '0']);
    });

    it('says that there are no sweeps yet, and goes live when one appears', async () => {
      const dir = tempDir();
      const { page } = await openPage(chromium!, await serve(dir));
      await page.getByRole('heading', { name: 'No sweeps here yet' }).waitFor();
      const sweep = await SampleSweep.create(dir);
      await sweep.complete(0, 0.9);
      await page.locator('.leaderboard tbody tr').first().waitFor();
      expect(new URL(page.url()).hash).toBe('#/sweep/digits');
    });

    it('lets in who opens the address with its token, and keeps it out of the address bar', async () => {
      const dir = tempDir();
      await SampleSweep.create(dir);
      const token = 'correct-horse-battery-staple-0123456789';
      const { page } = await openPage(chromium!, await serve(dir, { token }));
      await page.getByRole('heading', { name: 'digits' }).waitFor();
      expect(page.url()).not.toContain(token);
    });
  },
);
