import type { SSEStreamingApi } from 'hono/streaming';
import type { LiveEvents } from '../wire.ts';
import type { LiveHub, Overview, Subscription } from './live-hub.ts';
import type { Position } from './sweep-feed.ts';

/** Shows both ends that the connection still stands. */
const KEEP_ALIVE_MS = 15_000;
/** How soon a browser tries again after a cut. */
const RETRY_MS = 1_000;
const ROWS_PER_EVENT = 1_000;

interface Sent {
  status: string;
  sweeps: string;
  sweep: string;
  position: Position | null;
}

/**
 * Sends one listener what it has not seen, until it goes away. Each write waits until the one before is taken, so a
 * slow listener skips intermediate states instead of piling them up here.
 *
 * @param lastEventId The id of the last event of an earlier connection; foreign ones mean from the start.
 */
export async function streamChanges(
  stream: SSEStreamingApi,
  hub: LiveHub,
  sweep: string,
  lastEventId: string | undefined,
): Promise<void> {
  const subscription = hub.subscribe(sweep);
  stream.onAbort(() => subscription.end());
  const sent: Sent = { status: '', sweeps: '', sweep: '', position: parsePosition(lastEventId) };
  try {
    await stream.write(`retry: ${RETRY_MS}\n\n`);
    while (!stream.aborted) {
      const what = await subscription.news(KEEP_ALIVE_MS);
      if (what === 'ended') return;
      if (what === 'silence') await stream.write(':\n\n');
      const overview = subscription.overview();
      if (what === 'silence' || overview === null) continue;
      await sendOverview(stream, overview, sweep, sent);
      await sendRows(stream, subscription, sent);
    }
  } finally {
    subscription.end();
  }
}

async function sendOverview(
  stream: SSEStreamingApi,
  overview: Overview,
  sweep: string,
  sent: Sent,
): Promise<void> {
  if (overview.status !== sent.status) await send(stream, 'status', overview.status);
  if (overview.sweeps !== sent.sweeps) await send(stream, 'sweeps', overview.sweeps);
  const view = overview.views.get(sweep) ?? 'null';
  if (view !== sent.sweep) await send(stream, 'sweep', view);
  Object.assign(sent, { status: overview.status, sweeps: overview.sweeps, sweep: view });
}

async function sendRows(stream: SSEStreamingApi, subscription: Subscription, sent: Sent): Promise<void> {
  for (;;) {
    const feed = subscription.feed();
    if (feed === null || stream.aborted) return;
    const reset = sent.position?.epoch !== feed.epoch;
    const from = reset ? 0 : (sent.position?.version ?? 0);
    const rows = feed.since(from, ROWS_PER_EVENT);
    if (rows.length === 0 && !reset) return;
    const version = rows.at(-1)?.version ?? from;
    const more = version < feed.version || !feed.filled;
    const texts = rows.map((row) => row.text).join(',');
    const id = `${feed.epoch}.${version}`;
    await send(stream, 'rows', `{"reset":${reset},"more":${more},"rows":[${texts}]}`, id);
    sent.position = { epoch: feed.epoch, version };
    if (version >= feed.version) return;
  }
}

function send(stream: SSEStreamingApi, event: keyof LiveEvents, data: string, id?: string): Promise<void> {
  return stream.writeSSE(id === undefined ? { event, data } : { event, data, id });
}

function parsePosition(id: string | undefined): Position | null {
  const match = /^([0-9a-f]{12})\.(\d{1,15})$/.exec(id ?? '');
  return match ? { epoch: match[1]!, version: Number(match[2]) } : null;
}
