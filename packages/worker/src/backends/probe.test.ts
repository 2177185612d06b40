import { expect, it } from 'vitest';
import { probeBackends } from './probe.ts';

it('says of each backend whether it trains and why not, without loading TensorFlow.js here', async () => {
  const probes = await probeBackends();
  expect(probes.map((probe) => probe.name)).toEqual(['node-gpu', 'node', 'webgpu', 'wasm', 'cpu']);
  const [, , , wasm, cpu] = probes;
  expect(wasm).toEqual({
    name: 'wasm',
    works: true,
    detail: expect.stringMatching(/^tfjs 4\.\d+\.\d+, tfjs-backend-wasm 4\./),
  });
  expect(cpu).toEqual({ name: 'cpu', works: true, detail: expect.stringMatching(/^tfjs 4\./) });
  for (const probe of probes.filter((each) => !each.works)) expect(probe.detail).toMatch(/\w{3}/);
  // tfjs keeps its engine there.
  expect('_tfengine' in globalThis).toBe(false);
});
