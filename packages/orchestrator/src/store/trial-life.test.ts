import { describe, expect, it } from 'vitest';
import { bind, openSweep, runTrial, sampleConfig, startTrial } from './testing/sample-sweeps.ts';

describe('a trial in the store', () => {
  it('goes from ask to tell, and its history comes back in the order in which it was told', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      startTrial(tx, 1, { units: 16, learning_rate: 0.1 });
      tx.addReport(1, 1, { step: 1, values: { val_accuracy: 0.2, loss: 2 }, at: 2_100, metric: 0.2 });
      tx.addReport(0, 1, { step: 1, values: { val_accuracy: 0.3 }, at: 1_100, metric: 0.3 });
      tx.addReport(1, 1, { step: 2, values: { val_accuracy: 0.4 }, at: 2_200, metric: 0.4 });
    });
    await writer.transaction((tx) => {
      tx.sawRun(1, 1, { ranMs: 1_500, at: 9_000 });
      tx.finishTrial(1, {
        state: 'complete',
        value: 0.45,
        values: { val_accuracy: 0.45, extra: 1 },
        at: 3_500,
      });
      tx.finishTrial(0, { state: 'pruned', value: null, reason: 'below the median', at: 4_000 });
    });
    expect(store.history(sweep.id)).toEqual([
      {
        kind: 'ask',
        number: 0,
        chosen: false,
        params: { learning_rate: 0.01, units: 32, optimizer: 'adam' },
      },
      { kind: 'ask', number: 1, chosen: false, params: { units: 16, learning_rate: 0.1 } },
      { kind: 'report', number: 1, step: 1, value: 0.2, values: null },
      { kind: 'report', number: 0, step: 1, value: 0.3, values: null },
      { kind: 'report', number: 1, step: 2, value: 0.4, values: null },
      { kind: 'tell', number: 1, state: 'complete', value: 0.45, values: null },
      { kind: 'tell', number: 0, state: 'pruned', value: null, values: null },
    ]);
    const trial = store.trial(sweep.id, 1)!;
    expect(Object.keys(trial.params)).toEqual(['units', 'learning_rate']);
    expect(trial).toMatchObject({
      sweep: sweep.id,
      state: 'complete',
      value: 0.45,
      lastValue: 0.4,
      step: 2,
      metrics: { val_accuracy: 0.45, loss: 2, extra: 1 },
      attempts: 1,
      failures: 0,
      worker: 'host-a:1',
      backend: 'cpu',
      startedAt: 2_000,
      finishedAt: 3_500,
      durationSeconds: 1.5,
    });
    expect(store.trial(sweep.id, 0)).toMatchObject({
      state: 'pruned',
      value: null,
      reason: 'below the median',
    });
    expect(store.attempts(sweep.id, 0)[0]).toMatchObject({ outcome: 'pruned', reason: 'below the median' });
    expect(store.sweep()).toMatchObject({
      best: { number: 1, value: 0.45, params: { units: 16, learning_rate: 0.1 } },
      backends: ['cpu'],
    });
  });

  it('waits at a rung and goes on, both on record, and can be given up there', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.addReport(0, 1, { step: 1, values: { val_accuracy: 0.3 }, at: 1_100, metric: 0.3 });
      tx.sawRun(0, 1, { ranMs: 400, at: 9_000 });
      expect(tx.trial(0)?.durationSeconds).toBe(0.4);
      tx.sawRun(0, 1, { ranMs: 500, at: 9_100 });
      tx.pauseTrial(0, 1, { reason: 'waits at step 1', at: 1_500 });
      expect(tx.trial(0)).toMatchObject({ state: 'paused', reason: 'waits at step 1', durationSeconds: 0.5 });
      expect(tx.attempt(0, 1)).toMatchObject({ outcome: 'complete', finishedAt: 1_500 });
      expect(() => tx.openAttempt(0)).toThrow('only a queued trial gets a new attempt');
      tx.resumeTrial(0);
      expect(tx.trial(0)).toMatchObject({ state: 'queued', reason: null });
      expect(() => tx.resumeTrial(0)).toThrow('trial 0 is not paused');
      bind(tx, 0, 'host-b:2');
      tx.pauseTrial(0, 2, { reason: 'waits at step 3', at: 2_600 });
      tx.finishTrial(0, { state: 'pruned', value: null, reason: 'not promoted', at: 3_000 });
    });
    expect(store.history(sweep.id).slice(2)).toEqual([
      { kind: 'pause', number: 0 },
      { kind: 'resume', number: 0 },
      { kind: 'pause', number: 0 },
      { kind: 'tell', number: 0, state: 'pruned', value: null, values: null },
    ]);
    expect(store.sweep()?.counts).toMatchObject({ queued: 0, running: 0, paused: 0, pruned: 1 });
  });

  it('goes back to the queue when its attempt is lost, and counts the trainer’s own failures alone', async () => {
    const { store, sweep, writer } = await openSweep();
    const error = { kind: 'throw', message: 'no' } as const;
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.sawRun(0, 1, { ranMs: 400, at: 9_000 });
      tx.endAttempt(0, 1, { outcome: 'lost', reason: 'worker died', at: 1_400 });
      expect(() => tx.sawRun(0, 1, { ranMs: 500, at: 9_100 })).toThrow('attempt 1 of trial 0 does not run');
      expect(tx.trial(0)).toMatchObject({ state: 'queued', attempts: 1, failures: 0, durationSeconds: 0.4 });
      bind(tx, 0, 'host-b:2');
      tx.sawRun(0, 2, { ranMs: 600, at: 9_200 });
      tx.endAttempt(0, 2, { outcome: 'failed', reason: 'no', error, at: 1_600 });
      expect(tx.trial(0)).toMatchObject({ state: 'queued', attempts: 2, failures: 1, worker: 'host-b:2' });
      tx.openAttempt(0);
      tx.endAttempt(0, 3, { outcome: 'returned', reason: 'wrong code', at: 1_700 });
      expect(tx.attempt(0, 3)).toMatchObject({ runId: null, startedAt: null, outcome: 'returned' });
      tx.finishTrial(0, { state: 'stopped', value: null, reason: 'enough', at: 2_000 });
    });
    expect(store.trial(sweep.id, 0)).toMatchObject({
      state: 'stopped',
      attempts: 3,
      failures: 1,
      durationSeconds: 1,
    });
    expect(store.attempts(sweep.id).map(({ outcome }) => outcome)).toEqual(['lost', 'failed', 'returned']);
    expect(store.attempts(sweep.id)[1]?.error).toEqual(error);
  });

  it('keeps NaN and the infinities of metrics', async () => {
    const { store, sweep, writer } = await openSweep();
    const values = {
      loss: Number.NaN,
      up: Infinity,
      down: -Infinity,
      'a "quoted" name': 1e-300,
      val_accuracy: Infinity,
    };
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.addReport(0, 1, { step: 1, values, at: 1, metric: Number.NaN });
      tx.addReport(0, 1, { step: 2, values, at: 2, metric: Infinity });
      tx.finishTrial(0, { state: 'complete', value: -Infinity, at: 3 });
    });
    expect(store.reports(sweep.id, 0)[0]?.values).toEqual(values);
    expect(store.trial(sweep.id, 0)).toMatchObject({
      metrics: values,
      lastValue: Infinity,
      value: -Infinity,
    });
    expect(store.history(sweep.id).slice(1)).toEqual([
      { kind: 'report', number: 0, step: 1, value: Number.NaN, values: null },
      { kind: 'report', number: 0, step: 2, value: Infinity, values: null },
      { kind: 'tell', number: 0, state: 'complete', value: -Infinity, values: null },
    ]);
  });

  it('takes times from a worker whose clock is wrong', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.addReport(0, 1, { step: 1, values: {}, at: -1e300, metric: 0.5 });
      tx.finishTrial(0, { state: 'complete', value: 0.5, at: 0.25 });
    });
    expect(store.trial(sweep.id, 0)).toMatchObject({ durationSeconds: 0, finishedAt: 0.25 });
  });

  it('lets a later report of a step replace the earlier one of the same attempt', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.addReport(0, 1, { step: 1, values: { val_accuracy: 0.1 }, at: 1, metric: 0.1 });
      tx.addReport(0, 1, { step: 1, values: { val_accuracy: 0.2 }, at: 2, metric: 0.2 });
      tx.endAttempt(0, 1, { outcome: 'lost', reason: 'gone', at: 3 });
      bind(tx, 0);
      tx.addReport(0, 2, { step: 1, values: { val_accuracy: 0.3 }, at: 4, metric: 0.3 });
    });
    expect(store.reports(sweep.id, 0)).toEqual([
      { attempt: 1, step: 1, values: { val_accuracy: 0.2 }, at: 2 },
      { attempt: 2, step: 1, values: { val_accuracy: 0.3 }, at: 4 },
    ]);
    const told = store.history(sweep.id).flatMap((entry) => (entry.kind === 'report' ? [entry.value] : []));
    expect(told).toEqual([0.1, 0.2, 0.3]);
  });

  it('finds the newest checkpoint, and the highest committed event number never goes back', async () => {
    const { store, sweep, writer } = await openSweep();
    expect(store.checkpoint(sweep.id, 0)).toBeNull();
    await writer.transaction((tx) => {
      startTrial(tx, 0);
      tx.addCheckpoint(0, { attempt: 1, step: 4, path: 'a/4' });
      tx.addCheckpoint(0, { attempt: 1, step: 2, path: 'a/2' });
      tx.setLastSeq(0, 1, 7);
      tx.setLastSeq(0, 1, 5);
    });
    expect(store.checkpoint(sweep.id, 0)).toEqual({ attempt: 1, step: 4, path: 'a/4' });
    const older = { attempt: 1, step: 2, path: 'a/2' };
    expect(store.checkpoints(sweep.id, 0)).toEqual([older, { attempt: 1, step: 4, path: 'a/4' }]);
    await writer.transaction((tx) => tx.removeCheckpoint(0, older));
    expect(store.checkpoints(sweep.id, 0)).toEqual([{ attempt: 1, step: 4, path: 'a/4' }]);
    expect(store.attempts(sweep.id, 0)[0]?.lastSeq).toBe(7);
  });

  it('points a retry to the trial that it repeats', async () => {
    const { store, sweep, writer } = await openSweep();
    await writer.transaction((tx) => {
      runTrial(tx, 0, { end: 'failed' });
      tx.addTrial({ number: 1, params: {}, sampler: 'retry', retryOf: 0 });
    });
    expect(store.trial(sweep.id, 1)?.retryOf).toBe(0);
    const wrong = writer.transaction((tx) =>
      tx.addTrial({ number: 2, params: {}, sampler: 'retry', retryOf: 8 }),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'STORE_ILLEGAL' });
  });
});

describe('a sweep in the store', () => {
  it('gets a name of its own, and is found by name, id or the beginning of its id', async () => {
    const { store, sweep } = await openSweep();
    const input = { config: sampleConfig(), source: 'x', configDir: '/y' };
    const second = await store.createSweep(input);
    const third = await store.createSweep(input);
    expect([sweep.name, second.name, third.name]).toEqual(['digits', 'digits-2', 'digits-3']);
    expect(store.sweeps().map(({ name }) => name)).toEqual(['digits-3', 'digits-2', 'digits']);
    expect(store.sweep()?.id).toBe(third.id);
    expect(store.sweep('digits-2')?.id).toBe(second.id);
    expect(store.sweep(sweep.id)).toEqual(store.sweep('digits'));
    expect(store.sweep(second.id.slice(0, 13).toUpperCase())?.name).toBe('digits-2');
    expect(store.sweep(second.id.slice(0, 3))).toBeNull();
    expect(store.sweep('digit%')).toBeNull();
    expect(() => store.trials('digits')).toThrow('no sweep with the id digits');
    expect(second).toMatchObject({
      state: 'running',
      source: 'x',
      configDir: '/y',
      best: null,
      backends: [],
      owner: null,
    });
    expect(second.config).toEqual(sampleConfig());
  });

  it('keeps state, reason and stream position, and goes on after its end', async () => {
    const { store, writer } = await openSweep();
    await writer.transaction((tx) => {
      expect(tx.streamPosition()).toBeNull();
      tx.setStreamPosition('epoch-1', '5-0');
      tx.setStreamPosition('epoch-2', '6-0');
      expect(tx.streamPosition()).toEqual({ epoch: 'epoch-2', position: '6-0' });
      tx.setSweepState('stopped', 'Ctrl-C');
    });
    const stopped = store.sweep()!;
    expect(stopped).toMatchObject({ state: 'stopped', reason: 'Ctrl-C', finishedAt: expect.any(Number) });
    expect(stopped.wallSeconds).toBeGreaterThan(0);
    await writer.transaction((tx) => tx.setSweepState('running', null));
    expect(store.sweep()).toMatchObject({ state: 'running', reason: null, finishedAt: null });
  });

  it('carries requests to the loop and outcomes back', async () => {
    const { store, sweep, writer } = await openSweep();
    const other = await store.createSweep({ config: sampleConfig(), source: '', configDir: '' });
    const first = await store.addRequest(sweep.id, { kind: 'stop-trial', number: 3 });
    const second = await store.addRequest(sweep.id, { kind: 'pause' });
    await store.addRequest(other.id, { kind: 'stop' });
    await writer.transaction((tx) => {
      expect(tx.pendingRequests().map(({ id, request }) => [id, request])).toEqual([
        [first, { kind: 'stop-trial', number: 3 }],
        [second, { kind: 'pause' }],
      ]);
      tx.settleRequest(first, 'done');
      expect(tx.pendingRequests().map(({ id }) => id)).toEqual([second]);
    });
    expect(store.request(first)).toMatchObject({ sweep: sweep.id, outcome: 'done' });
    await expect(writer.transaction((tx) => tx.settleRequest(first, 'again'))).rejects.toThrow('no request');
    expect(store.request(999)).toBeNull();
  });
});
