import { rankedTrials } from '@tfsweep/orchestrator/analysis';
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { LeaderboardRow, SweepView, TrialDetail, TrialState } from '../wire.ts';
import { TRIAL_STATES } from '../wire.ts';
import type { LiveHub } from './live-hub.ts';
import { streamChanges } from './live-stream.ts';
import type { CheckedOptions } from './options.ts';
import { loopbackHostOnly, readOnly, refuse, securityHeaders, tokenRequired } from './security.ts';
import type { StaticFile } from './static-files.ts';
import type { Reading, StoreHandle } from './store-handle.ts';
import { sweepView, trialDetail, trialView } from './views.ts';

export interface AppParts {
  readonly options: CheckedOptions;
  readonly handle: StoreHandle;
  readonly hub: LiveHub;
  readonly files: ReadonlyMap<string, StaticFile>;
  /** Known once the server listens. */
  readonly port: () => number;
}

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 10_000;

/** All that the server answers to; see `wire.ts` for the bodies. */
export function createApp({ options, handle, hub, files, port }: AppParts): Hono {
  const app = new Hono();
  app.use(securityHeaders, readOnly);
  if (options.loopback) app.use(loopbackHostOnly);
  if (options.token !== null) app.use(tokenRequired(options.token, port));
  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });

  app.get('/api/sweeps', (c) => {
    const reading = handle.read((store): SweepView[] => store.sweeps().map(sweepView));
    return reading.kind === 'absent' ? c.json([]) : answer(c, reading);
  });
  app.get('/api/sweeps/:id', (c) => {
    const id = c.req.param('id');
    return answer(
      c,
      handle.read((store): SweepView | null => ifThere(store.sweep(id), sweepView)),
    );
  });
  app.get('/api/sweeps/:id/leaderboard', (c) => {
    const id = c.req.param('id');
    const limit = Math.min(wholeNumber(c.req.query('limit')) ?? DEFAULT_LIMIT, MAX_LIMIT);
    const offset = wholeNumber(c.req.query('offset')) ?? 0;
    const states = c.req.queries('state')?.filter(isTrialState);
    const reading = handle.read((store): LeaderboardRow[] | null =>
      ifThere(store.sweep(id), (sweep) => {
        const ranked = rankedTrials(store, sweep, { limit, offset, ...(states && { states }) });
        return ranked.map(({ trial, rank, front }) => ({ rank, front, ...trialView(trial) }));
      }),
    );
    return answer(c, reading);
  });
  app.get('/api/sweeps/:id/trials/:number', (c) => {
    const id = c.req.param('id');
    const number = wholeNumber(c.req.param('number'));
    if (number === null) return notFound(c);
    const reading = handle.read((store): TrialDetail | null =>
      ifThere(store.sweep(id), (sweep) =>
        ifThere(store.trial(sweep.id, number), (row) =>
          trialDetail(row, store.attempts(sweep.id, number), store.reports(sweep.id, number)),
        ),
      ),
    );
    return answer(c, reading);
  });
  app.get('/api/events', (c) => {
    const lastEventId = c.req.header('last-event-id') ?? c.req.query('since');
    const sweep = c.req.query('sweep') ?? '';
    return streamSSE(c, (stream) => streamChanges(stream, hub, sweep, lastEventId));
  });
  app.all('/api/*', notFound);
  app.get('*', (c) => staticFile(c, files));
  app.onError((error, c) => {
    options.log(`dashboard: ${c.req.method} ${c.req.path}: ${error.stack ?? error.message}`);
    return refuse(c, 503, 'INTERNAL', 'The dashboard failed to answer; its log says why.');
  });
  return app;
}

function answer<T>(c: Context, reading: Reading<T | null>): Response {
  if (reading.kind === 'broken') return refuse(c, 503, 'STORE_BROKEN', reading.message);
  if (reading.kind === 'absent' || reading.value === null) return notFound(c);
  return c.json(reading.value);
}

function notFound(c: Context): Response {
  return refuse(c, 404, 'NOT_FOUND', 'There is nothing here.');
}

function ifThere<T, U>(value: T | null, then: (value: T) => U): U | null {
  return value === null ? null : then(value);
}

function staticFile(c: Context, files: ReadonlyMap<string, StaticFile>): Response {
  if (files.size === 0) {
    return c.text(
      'The page has not been built: run `pnpm build` in the clone, then start the dashboard again.',
      503,
    );
  }
  const file = files.get(c.req.path);
  if (file === undefined) return notFound(c);
  const headers = { 'Content-Type': file.type, ETag: file.etag, 'Cache-Control': 'no-cache' };
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
  return c.body(file.body, 200, headers);
}

function isTrialState(text: string): text is TrialState {
  return (TRIAL_STATES as readonly string[]).includes(text);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
