import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { probeBackends } from '../probe.ts';
import { SOFTWARE_ADAPTER_VARIABLE } from './load-webgpu.ts';

/** Set-up's Chromium brings a Vulkan driver that computes on the cores, and the loader for it. */
const CHROMIUM = join(import.meta.dirname, '../../../../../.tfsweep/tools/chromium/usr/lib/chromium');

it('trains on Dawn where there is an adapter, of the machine or of the tests’ browser', async ({ skip }) => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const driver = join(CHROMIUM, 'vk_swiftshader_icd.json');
  if (existsSync(driver)) {
    vi.stubEnv(SOFTWARE_ADAPTER_VARIABLE, '1');
    vi.stubEnv('VK_ICD_FILENAMES', driver);
    vi.stubEnv('LD_LIBRARY_PATH', CHROMIUM);
  }
  const [probe] = await probeBackends(['webgpu']);
  if (/is not installed|finds no adapter/.test(probe!.detail)) skip(probe!.detail);
  expect(probe).toEqual({
    name: 'webgpu',
    works: true,
    detail: expect.stringMatching(/tfjs-backend-webgpu 4\.\d+\.\d+, adapter \w+/),
  });
});

it('leaves an adapter alone that computes on the cores, unless it is asked for', async ({ skip }) => {
  const driver = join(CHROMIUM, 'vk_swiftshader_icd.json');
  if (!existsSync(driver)) skip('set-up has brought no browser');
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('VK_ICD_FILENAMES', driver);
  vi.stubEnv('LD_LIBRARY_PATH', CHROMIUM);
  const [probe] = await probeBackends(['webgpu']);
  if (/is not installed/.test(probe!.detail)) skip(probe!.detail);
  expect(probe).toMatchObject({ works: false, detail: expect.stringContaining('computes on the cores') });
});
