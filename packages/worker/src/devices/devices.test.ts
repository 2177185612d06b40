import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { thisProcess } from '@tfsweep/orchestrator/protocol';
import { expect, it, onTestFinished, vi } from 'vitest';
import { eventually, TestFleet, temporaryFolder } from '../agent/testing/fleet.ts';
import { claimGpus } from './claim-gpus.ts';
import { lockDevice } from './device-lock.ts';
import { listGpus, parseGpus } from './nvidia-smi.ts';
import { planSlots } from './slot-plan.ts';

const FOUR_GPUS = [0, 1, 2, 3]
  .map(
    (index) =>
      `${index}, NVIDIA A100-SXM4-40GB, GPU-${index}d6e1f70-8b0a-4c5e-9f7d-1c2b3a4d5e6f, 40960, 40337`,
  )
  .join('\n');

/** Puts an `nvidia-smi` first on the PATH, for this test; what the machine really has does not count. */
async function fakeNvidiaSmi(script: string): Promise<void> {
  const folder = await temporaryFolder();
  const path = join(folder, 'nvidia-smi');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const fourGpus = (): Promise<void> => fakeNvidiaSmi(`cat <<'EOF'\n${FOUR_GPUS}\nEOF`);

it('shows each runner the one GPU of its slot, no secret, and the backend that is forced', async () => {
  await fourGpus();
  vi.stubEnv('TFSWEEP_SECRET', 'a secret');
  vi.stubEnv('TFSWEEP_REDIS_URL', 'redis://:a-secret@localhost');
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep({ gpusPerTrial: 1 });
  await fleet.agent({ gpus: 'all', slots: null, backend: 'forced' });
  const trials = await Promise.all([0, 1, 2, 3].map(() => sweep.launch({ do: 'meet', of: 4 })));
  for (const trial of trials) await sweep.outcome(trial);

  const environments = await Promise.all(
    trials.map(async (trial) => {
      const started = sweep.of(trial)[0]!;
      const { env } = JSON.parse(await readFile(join(fleet.runDir(started), 'runner.json'), 'utf8'));
      return { slot: started.type === 'started' && started.slot, env };
    }),
  );
  for (const { slot, env } of environments) {
    expect(env).toMatchObject({
      CUDA_VISIBLE_DEVICES: String(slot),
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      TFSWEEP_BACKEND: 'forced',
    });
    expect(Object.keys(env).filter((name) => /SECRET|REDIS/.test(name))).toEqual([]);
  }
  expect(new Set(environments.map(({ slot }) => slot))).toEqual(new Set([0, 1, 2, 3]));
  await eventually(() => expect(sweep.heartbeats.at(-1)?.worker.gpus).toHaveLength(4));
});

it('shows runners on the CPU no GPU, and its share of the cores to a single one: all', async () => {
  await fourGpus();
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  await fleet.agent({ gpus: 'none', slots: 1 });
  const trial = await sweep.launch({ do: 'environment' });
  await sweep.outcome(trial);
  const { env } = JSON.parse(await readFile(join(fleet.runDir(sweep.of(trial)[0]!), 'runner.json'), 'utf8'));
  expect(env.CUDA_VISIBLE_DEVICES).toBe('');
  expect(env.TF_NUM_INTRAOP_THREADS).toBe(String(availableParallelism()));
});

it('says that a trial has its share of a GPU where its backend computes on one, and none where it does not', async () => {
  await fourGpus();
  const gpusWith = async (backend: string, trialsPerGpu: number) => {
    const fleet = await TestFleet.create();
    const sweep = await fleet.sweep();
    const agent = await fleet.agent({ gpus: [0], slots: null, trialsPerGpu, backend });
    const trial = await sweep.launch({ do: 'environment' });
    await sweep.outcome(trial);
    await agent.stop();
    expect(sweep.of(trial)[0]).toMatchObject({ type: 'started', backend });
    return sweep.of(trial)[0];
  };
  expect(await gpusWith('node-gpu', 1)).toMatchObject({ gpus: 1 });
  expect(await gpusWith('webgpu', 2)).toMatchObject({ gpus: 0.5 });
  for (const backend of ['node', 'wasm', 'cpu'])
    expect(await gpusWith(backend, 1)).toMatchObject({ gpus: 0 });
});

it('reads what nvidia-smi prints, values that it can’t tell included', () => {
  expect(parseGpus(`${FOUR_GPUS}\r\n`)).toHaveLength(4);
  expect(
    parseGpus('1, Odd, Name, GPU-1, [N/A], 12\n0, NVIDIA T4, GPU-0, 15360, 14000\nNo devices were found'),
  ).toEqual([
    { index: 0, name: 'NVIDIA T4', uuid: 'GPU-0', memoryMiB: 15360, freeMiB: 14000 },
    { index: 1, name: 'Odd, Name', uuid: 'GPU-1', memoryMiB: 0, freeMiB: 12 },
  ]);
});

it('finds no GPU where nvidia-smi fails', async () => {
  await fakeNvidiaSmi(
    'echo "NVIDIA-SMI has failed because it could not communicate with the driver."; exit 9',
  );
  expect(await listGpus()).toEqual([]);
});

it('takes the GPUs that are named, of those that are visible', async () => {
  await fourGpus();
  const lockFolder = await temporaryFolder();
  const indices = async (selection: 'all' | number[], env = {}): Promise<number[]> => {
    const claim = await claimGpus(selection, env, lockFolder);
    await claim.release();
    return claim.gpus.map(({ index }) => index);
  };
  expect(await indices('all')).toEqual([0, 1, 2, 3]);
  expect(await indices([2, 0, 2])).toEqual([0, 2]);
  expect(await indices('all', { CUDA_VISIBLE_DEVICES: '1,GPU-3d6e' })).toEqual([1, 3]);
  await expect(indices([7])).rejects.toThrow('names GPU 7: this host has 0 (NVIDIA A100-SXM4-40GB), 1');
  await expect(indices([0], { CUDA_VISIBLE_DEVICES: '1' })).rejects.toThrow(
    'CUDA_VISIBLE_DEVICES=1 hides it',
  );
  expect(await readdir(lockFolder)).toEqual([]);
});

it('leaves GPUs alone that another agent has, and says so where they are named', async () => {
  await fourGpus();
  const lockFolder = await temporaryFolder();
  const first = await claimGpus([1], {}, lockFolder);
  const second = await claimGpus('all', {}, lockFolder);
  expect(second.gpus.map(({ index }) => index)).toEqual([0, 2, 3]);
  expect(second.heldByOthers).toEqual([1]);
  await expect(claimGpus([1], {}, lockFolder)).rejects.toThrow(`GPU 1 (NVIDIA A100-SXM4-40GB) is in use`);
  await expect(claimGpus('all', {}, lockFolder)).rejects.toThrow('--gpus none');
  await first.release();
  await second.release();
  const third = await claimGpus('all', {}, lockFolder);
  expect(third.gpus).toHaveLength(4);
  await third.release();
});

it('takes over the lock of a process that is gone, for one of those that want it', async () => {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const dead = { ...thisProcess(), startTime: '1' };
  for (let round = 0; round < 50; round++) {
    await writeFile(join(folder, 'GPU-a.lock'), JSON.stringify(dead));
    const results = await Promise.all([1, 2, 3, 4].map(() => lockDevice('GPU-a', folder)));
    expect(results.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['GPU-a.lock']);
  }
});

it('plans a slot per share of a GPU, else per core, and few slots over many GPUs', () => {
  const gpus = parseGpus(FOUR_GPUS);
  const shares = (slots: number | null, trialsPerGpu = 1) =>
    planSlots(gpus, { slots, trialsPerGpu }).map(({ gpu }) => gpu?.index);
  expect(shares(null, 2)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  expect(shares(2, 2)).toEqual([0, 1]);
  expect(() => shares(5)).toThrow('5 slots need more GPUs than there are');
  expect(() => shares(0)).toThrow('must be a whole number from 1, not 0');
  const cores = availableParallelism();
  expect(planSlots([], { slots: null, trialsPerGpu: 1 })).toEqual(
    Array.from({ length: cores }, (_, index) => ({ index, gpu: null, gpuShare: 0, threads: 1 })),
  );
  const threads = (slots: number) => planSlots([], { slots, trialsPerGpu: 1 })[0]!.threads;
  expect([threads(1), threads(cores + 1)]).toEqual([cores, 1]);
});
