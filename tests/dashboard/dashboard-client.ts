import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type DashboardOptions, startDashboard } from '@tfsweep/dashboard';
import { onTestFinished } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface ServerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** @returns its address; the dashboard ends with the test. */
export async function serve(dir: string, options: Partial<DashboardOptions> = {}): Promise<string> {
  const dashboard = await startDashboard({ dir, port: 0, ...options });
  onTestFinished(() => dashboard.close());
  return dashboard.url;
}

/** The path goes out as it is given: `fetch` would tidy `..` away and let no one choose `Host`. */
export async function ask(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await send(url, path, options);
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode!, headers: response.headers, text };
}

export async function askJson<T>(url: string, path: string): Promise<T> {
  return JSON.parse((await ask(url, path)).text) as T;
}

/** The pushed events of one connection, which ends with the test or with `close`. */
export class EventReader {
  readonly #response: IncomingMessage;
  readonly #events: AsyncGenerator<ServerEvent>;

  constructor(response: IncomingMessage) {
    this.#response = response;
    this.#events = parseEvents(response);
  }

  static async open(url: string, sweep: string, lastEventId?: string): Promise<EventReader> {
    const headers: Record<string, string> = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const response = await send(url, `/api/events?sweep=${encodeURIComponent(sweep)}`, { headers });
    const reader = new EventReader(response);
    onTestFinished(() => reader.close());
    return reader;
  }

  /** The next event of that name; others are passed over. */
  async next(name: string): Promise<ServerEvent> {
    for (;;) {
      const { value, done } = await this.#events.next();
      if (done) throw new Error(`the stream ended before an event '${name}'`);
      if (value.event === name) return value;
    }
  }

  /** Settles when the server has ended the stream. */
  async ended(): Promise<void> {
    while (!(await this.#events.next()).done);
  }

  close(): void {
    this.#response.destroy();
  }
}

async function send(
  url: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> },
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url);
  const outgoing = request({
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path,
    method,
    headers,
    agent: false,
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

async function* parseEvents(response: IncomingMessage): AsyncGenerator<ServerEvent> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += chunk as string;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
      );
      text = text.slice(end + 2);
      const data = fields.get('data');
      if (data !== undefined) {
        yield { event: fields.get('event') ?? 'message', id: fields.get('id') ?? '', data: JSON.parse(data) };
      }
    }
  }
}
