import { randomUUID } from 'node:crypto';
import {
  isGenuine,
  jobId,
  MAX_EVENT_BYTES,
  MAX_JOB_BYTES,
  type SweepListing,
  signJob,
  type TrialQueue,
  type WorkerLink,
} from '@tfsweep/orchestrator/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, jobsOf, listingOf, Recorder, readEvents, SECRET, TestRun } from './queue-driver.ts';

/** One implementation of both ends. */
export interface QueueHarness {
  queue(sweep: string): Promise<TrialQueue>;
  link(): WorkerLink;
  /** Makes it forget everything. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of the trial queue does. */
export function describeTrialQueue(name: string, createHarness: () => Promise<QueueHarness>): void {
  describe(name, () => {
    let harness: QueueHarness;
    let sweep: string;
    let listing: SweepListing;
    let queue: TrialQueue;
    let links: WorkerLink[];
    let queues: TrialQueue[];

    const openQueue = async (id: string): Promise<TrialQueue> => {
      const opened = await harness.queue(id);
      queues.push(opened);
      return opened;
    };
    const openLink = async (): Promise<{ link: WorkerLink; told: Recorder }> => {
      const link = harness.link();
      links.push(link);
      const told = new Recorder();
      await link.open(told);
      return { link, told };
    };
    const takeTrials = async (link: WorkerLink, count: number): Promise<string[]> => {
      const taken: string[] = [];
      for (let i = 0; i < count; i++) taken.push((await link.take(listing))?.jobId ?? 'none');
      return taken;
    };

    beforeAll(async () => {
      harness = await createHarness();
    });
    afterAll(async () => {
      await harness.close();
    });
    beforeEach(async () => {
      links = [];
      queues = [];
      sweep = randomUUID();
      listing = listingOf(sweep);
      queue = await openQueue(sweep);
      await queue.open(listing);
    });
    afterEach(async () => {
      await Promise.all(links.map((link) => link.close()));
      await Promise.all(queues.map((opened) => opened.close({ forget: true })));
    });

    describe('jobs', () => {
      it('come in the order in which they were enqueued, as they were signed', async () => {
        const jobs = jobsOf(sweep, [3, 1, 2, 10, 0]);
        await queue.enqueue(jobs.slice(0, 2));
        await queue.enqueue(jobs.slice(2));
        const { link } = await openLink();
        const taken = [];
        for (let i = 0; i < jobs.length; i++) taken.push(await link.take(listing));
        expect(
          taken.map((job) => job && { jobId: job.jobId, payload: job.payload, signature: job.signature }),
        ).toEqual(jobs);
        expect(taken.every((job) => job !== null && isGenuine(job, SECRET))).toBe(true);
        expect(await link.take(listing)).toBeNull();
      });

      it('are left as they are when their id is enqueued again while they wait or run', async () => {
        await queue.enqueue(jobsOf(sweep, [0, 1], 'first'));
        const { link } = await openLink();
        await link.take(listing);
        await queue.enqueue(jobsOf(sweep, [0, 1, 1], 'second'));
        expect((await link.take(listing))?.payload).toBe('first of trial 1');
        expect(await link.take(listing)).toBeNull();
      });

      it('can be enqueued again once they have left', async () => {
        const { link } = await openLink();
        for (const text of ['first', 'second']) {
          await queue.enqueue(jobsOf(sweep, [0], text));
          const job = await link.take(listing);
          expect(job?.payload).toBe(`${text} of trial 0`);
          await job?.release();
        }
      });

      it('are withdrawn while they wait, and stay where a worker has them', async () => {
        const jobs = jobsOf(sweep, [0, 1, 2]);
        await queue.enqueue(jobs);
        const { link } = await openLink();
        await link.take(listing);
        await queue.withdraw([jobs[0]!.jobId, jobs[1]!.jobId, jobId(sweep, 99, 1)]);
        expect(await queue.present()).toEqual(new Set([jobs[0]!.jobId, jobs[2]!.jobId]));
        expect(await takeTrials(link, 2)).toEqual([jobs[2]!.jobId, 'none']);
      });

      it('are present from enqueue to release', async () => {
        const [first, second] = jobsOf(sweep, [0, 1]);
        expect(await queue.present()).toEqual(new Set());
        await queue.enqueue([first!, second!]);
        const { link } = await openLink();
        const job = await link.take(listing);
        expect(await queue.present()).toEqual(new Set([first!.jobId, second!.jobId]));
        await job?.release();
        expect(await queue.present()).toEqual(new Set([second!.jobId]));
      });

      it('are shared by two workers, none given twice', async () => {
        const jobs = jobsOf(sweep, [...Array(40).keys()]);
        await queue.enqueue(jobs);
        const [a, b] = [await openLink(), await openLink()];
        const taken = await Promise.all(
          Array.from({ length: 20 }, () => [a.link.take(listing), b.link.take(listing)]).flat(),
        );
        expect(taken.map((job) => job?.jobId).sort()).toEqual(jobs.map((job) => job.jobId).sort());
      });

      it('belong to their sweep alone', async () => {
        const other = listingOf(randomUUID());
        const otherQueue = await openQueue(other.id);
        await otherQueue.open(other);
        await otherQueue.enqueue(jobsOf(other.id, [7]));
        const { link } = await openLink();
        expect(await link.take(listing)).toBeNull();
        expect((await link.take(other))?.jobId).toBe(jobId(other.id, 7, 1));
      });

      it('are refused, all of them, when one is larger than what travels', async () => {
        const large = signJob(jobId(sweep, 1, 1), 'x'.repeat(MAX_JOB_BYTES + 1), SECRET);
        await expect(queue.enqueue([...jobsOf(sweep, [0]), large])).rejects.toMatchObject({
          code: 'JOB_TOO_LARGE',
        });
        expect(await queue.present()).toEqual(new Set());
      });

      it('may be as large as the limit says', async () => {
        const large = signJob(jobId(sweep, 1, 1), 'x'.repeat(MAX_JOB_BYTES), SECRET);
        await queue.enqueue([large]);
        const { link } = await openLink();
        expect((await link.take(listing))?.payload.length).toBe(MAX_JOB_BYTES);
      });
    });

    describe('concurrency', () => {
      it('holds over all workers, and a job that leaves wakes who may take the next', async () => {
        await queue.setConcurrency(2);
        await queue.enqueue(jobsOf(sweep, [0, 1, 2]));
        const [a, b] = [await openLink(), await openLink()];
        const first = await a.link.take(listing);
        expect(await b.link.take(listing)).not.toBeNull();
        expect(await a.link.take(listing)).toBeNull();
        expect(await b.link.take(listing)).toBeNull();
        const { wakes } = b.told;
        await first?.release();
        await eventually(() => expect(b.told.wakes).toBeGreaterThan(wakes));
        expect(await b.link.take(listing)).not.toBeNull();
      });

      it('is lifted by null, and wakes the workers', async () => {
        await queue.setConcurrency(0);
        await queue.enqueue(jobsOf(sweep, [0]));
        const { link, told } = await openLink();
        expect(await link.take(listing)).toBeNull();
        const { wakes } = told;
        await queue.setConcurrency(null);
        await eventually(() => expect(told.wakes).toBeGreaterThan(wakes));
        expect(await link.take(listing)).not.toBeNull();
      });

      it('outlives a rebuild', async () => {
        await queue.setConcurrency(1);
        await harness.flush();
        listing = listingOf(sweep);
        await queue.open(listing);
        await queue.enqueue(jobsOf(sweep, [0, 1]));
        const { link } = await openLink();
        expect(await takeTrials(link, 2)).toEqual([jobId(sweep, 0, 1), 'none']);
      });
    });

    describe('sweeps', () => {
      it('are listed while they are served', async () => {
        const { link } = await openLink();
        expect(await link.sweeps()).toContainEqual(listing);
        await queue.close({ forget: false });
        expect((await link.sweeps()).map(({ id }) => id)).not.toContain(sweep);
      });

      it('wake the workers when they open, get work, and close', async () => {
        const { told } = await openLink();
        for (const change of [
          () => queue.open(listing),
          () => queue.enqueue(jobsOf(sweep, [0])),
          () => queue.close({ forget: false }),
        ]) {
          const { wakes } = told;
          await change();
          await eventually(() => expect(told.wakes).toBeGreaterThan(wakes));
        }
      });

      it('go on where they were when they are opened again under the same epoch', async () => {
        await queue.enqueue(jobsOf(sweep, [0]));
        const { link } = await openLink();
        const run = new TestRun(sweep, 5);
        await link.send(listing, [run.started()]);
        await queue.close({ forget: false });
        const again = await openQueue(sweep);
        await again.open(listing);
        expect((await readEvents(again, 1))[0]?.event).toMatchObject({ type: 'started', runId: run.id });
        expect(await again.present()).toEqual(new Set([jobId(sweep, 0, 1)]));
      });

      it('drop the jobs, events and stops of an older epoch', async () => {
        await queue.enqueue(jobsOf(sweep, [0, 1]));
        const { link } = await openLink();
        const held = await link.take(listing);
        const run = new TestRun(sweep, 0);
        await link.send(listing, [run.started()]);
        await queue.stop([run.stopOrder('pruned')]);
        const renewed = listingOf(sweep);
        await queue.open(renewed);
        expect(await queue.present()).toEqual(new Set());
        expect(await queue.read('', { limit: 10, waitMs: 0 })).toEqual({ kind: 'events', events: [] });
        expect(await link.send(listing, [run.report(1, { loss: 1 })])).toEqual({ stops: [], lost: true });
        expect(await link.send(renewed, [run.report(1, { loss: 1 })])).toEqual({ stops: [], lost: false });
        // The job of the older epoch leaves without harm to the one that has its id now.
        await queue.enqueue(jobsOf(sweep, [0]));
        await held?.release();
        expect(await queue.present()).toEqual(new Set([jobId(sweep, 0, 1)]));
        expect((await link.take(renewed))?.jobId).toBe(jobId(sweep, 0, 1));
      });

      it('that another orchestrator has opened since are lost to the first one, which leaves them as they are', async () => {
        const second = await openQueue(sweep);
        await second.open(listingOf(sweep));
        expect(await queue.read('', { limit: 10, waitMs: 10 })).toEqual({ kind: 'lost' });
        await queue.close({ forget: true });
        expect(await second.read('', { limit: 10, waitMs: 0 })).toEqual({ kind: 'events', events: [] });
        const { link } = await openLink();
        expect((await link.sweeps()).map(({ id }) => id)).toEqual([sweep]);
      });

      it('leave nothing when they are forgotten, and others untouched', async () => {
        const other = listingOf(randomUUID());
        const otherQueue = await openQueue(other.id);
        await otherQueue.open(other);
        await otherQueue.enqueue(jobsOf(other.id, [1]));
        await queue.enqueue(jobsOf(sweep, [0]));
        const { link } = await openLink();
        await queue.close({ forget: true });
        expect((await link.sweeps()).map(({ id }) => id)).toEqual([other.id]);
        expect(await link.take(listing)).toBeNull();
        expect(await link.send(listing, [new TestRun(sweep, 0).started()])).toEqual({
          stops: [],
          lost: true,
        });
        expect((await link.take(other))?.jobId).toBe(jobId(other.id, 1, 1));
      });
    });

    describe('events', () => {
      it('arrive in order, with NaN and infinities, after the position that is asked for', async () => {
        const { link } = await openLink();
        const run = new TestRun(sweep, 4);
        const sent = [
          run.started(),
          run.report(1, { loss: Number.NaN, gain: Number.POSITIVE_INFINITY, cost: Number.NEGATIVE_INFINITY }),
          run.report(2, { loss: 0.25 }),
        ];
        expect(await link.send(listing, sent)).toEqual({ stops: [], lost: false });
        await link.send(listing, [run.finished()]);
        const events = await readEvents(queue, 4);
        expect(events.map(({ event }) => event)).toEqual([
          ...sent,
          expect.objectContaining({ type: 'finished', seq: 4 }),
        ]);
        const later = await queue.read(events[1]!.position, { limit: 1, waitMs: 0 });
        expect(later).toEqual({ kind: 'events', events: [events[2]] });
      });

      it('end a read that waits', async () => {
        const { link } = await openLink();
        const reading = queue.read('', { limit: 10, waitMs: 60_000 });
        await link.send(listing, [new TestRun(sweep, 0).heartbeat()]);
        const result = await reading;
        expect(result.kind === 'events' && result.events.map(({ event }) => event?.type)).toEqual([
          'heartbeat',
        ]);
      });

      it('are waited for no longer than asked', async () => {
        expect(await queue.read('', { limit: 10, waitMs: 20 })).toEqual({ kind: 'events', events: [] });
      });

      it('are no longer waited for after an interruption', async () => {
        for (let round = 0; round < 5; round++) {
          const reading = queue.read('', { limit: 10, waitMs: 60_000 });
          queue.interrupt();
          expect(await reading).toEqual({ kind: 'events', events: [] });
        }
      });

      it('are trimmed up to the position that was committed, and their workers told', async () => {
        const { link, told } = await openLink();
        // Only who takes jobs of a sweep follows it.
        await link.take(listing);
        const run = new TestRun(sweep, 0);
        await link.send(listing, [run.started(), run.report(1, { loss: 1 }), run.report(2, { loss: 0.5 })]);
        const events = await readEvents(queue, 3);
        await queue.committed(events[1]!.position, new Map([[run.id, 2]]));
        await eventually(() => expect(told.committed).toEqual([[run.id, 2]]));
        expect(await queue.read('', { limit: 10, waitMs: 0 })).toEqual({
          kind: 'events',
          events: [events[2]],
        });
      });

      it('are refused, the whole batch, when one is larger than what travels', async () => {
        const { link } = await openLink();
        const run = new TestRun(sweep, 0);
        const metrics = Object.fromEntries(
          Array.from({ length: MAX_EVENT_BYTES / 20 }, (_, i) => [`metric-number-${i}`, i]),
        );
        await expect(link.send(listing, [run.started(), run.report(1, metrics)])).rejects.toMatchObject({
          code: 'EVENT_TOO_LARGE',
        });
        expect(await queue.read('', { limit: 10, waitMs: 0 })).toEqual({ kind: 'events', events: [] });
      });
    });

    describe('stops', () => {
      it('stand, and answer every batch of the attempt', async () => {
        const { link } = await openLink();
        const [run, other] = [new TestRun(sweep, 0), new TestRun(sweep, 1)];
        await link.send(listing, [run.started(), other.started()]);
        const order = run.stopOrder('pruned at step 3');
        await queue.stop([order]);
        expect((await link.send(listing, [run.report(1, { loss: 1 })])).stops).toEqual([order]);
        expect(
          (await link.send(listing, [run.report(2, { loss: 1 }), other.report(1, { loss: 1 })])).stops,
        ).toEqual([order]);
        expect((await link.send(listing, [other.report(2, { loss: 1 })])).stops).toEqual([]);
      });

      it('answer a heartbeat of the runs that it names', async () => {
        const { link } = await openLink();
        const run = new TestRun(sweep, 0);
        await link.send(listing, [run.started()]);
        await queue.stop([run.stopOrder('pruned')]);
        expect((await link.send(listing, [run.heartbeat()])).stops).toEqual([run.stopOrder('pruned')]);
        expect((await link.send(listing, [new TestRun(sweep, 0).heartbeat()])).stops).toEqual([]);
      });

      it('can be for one run of an attempt, the other one goes on', async () => {
        const { link } = await openLink();
        const [bound, copy] = [new TestRun(sweep, 0), new TestRun(sweep, 0)];
        await link.send(listing, [bound.started(), copy.started()]);
        const order = copy.stopOrder('another copy was first', copy.id);
        await queue.stop([order]);
        expect((await link.send(listing, [bound.report(1, { loss: 1 })])).stops).toEqual([]);
        expect((await link.send(listing, [copy.report(1, { loss: 1 })])).stops).toEqual([order]);
        await queue.stop([bound.stopOrder('the sweep ends')]);
        expect((await link.send(listing, [copy.report(2, { loss: 1 })])).stops).toEqual([
          order,
          bound.stopOrder('the sweep ends'),
        ]);
      });

      it('are pushed at once, and kept once however often they are given', async () => {
        const { link, told } = await openLink();
        await link.take(listing);
        const run = new TestRun(sweep, 0);
        const order = run.stopOrder('pruned');
        await queue.stop([order, order]);
        await eventually(() => expect(told.stops).toContainEqual(order));
        expect((await link.send(listing, [run.started()])).stops).toEqual([order]);
      });
    });

    describe('after a flush', () => {
      it('both ends see that the stream is lost, and go on under a new epoch', async () => {
        await queue.enqueue(jobsOf(sweep, [0, 1]));
        const { link } = await openLink();
        const held = await link.take(listing);
        const run = new TestRun(sweep, 0);
        const [started, report] = [run.started(), run.report(1, { loss: 1 })];
        await link.send(listing, [started]);
        const position = (await readEvents(queue, 1))[0]!.position;

        await harness.flush();
        expect(await queue.read(position, { limit: 10, waitMs: 20 })).toEqual({ kind: 'lost' });
        expect(await link.send(listing, [report])).toEqual({ stops: [], lost: true });
        expect(await link.sweeps()).toEqual([]);
        expect(await link.take(listing)).toBeNull();

        listing = listingOf(sweep);
        await queue.open(listing);
        await queue.enqueue(jobsOf(sweep, [1]));
        const [renewed] = await link.sweeps();
        expect(renewed).toEqual(listing);
        await link.send(listing, [started, report]);
        expect((await readEvents(queue, 2)).map(({ event }) => event)).toEqual([started, report]);
        expect((await link.take(listing))?.jobId).toBe(jobId(sweep, 1, 1));
        await held?.release();
      });
    });

    it('is closed any number of times', async () => {
      const { link } = await openLink();
      await link.close();
      await link.close();
      await queue.close({ forget: true });
      await queue.close({ forget: true });
    });

    it('reports the connection once when a link opens', async () => {
      const { told } = await openLink();
      await eventually(() => expect(told.connection).toEqual([true]));
    });
  });
}
