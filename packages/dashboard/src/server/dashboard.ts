import { createServer } from 'node:http';
import { isIP } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import { LiveHub } from './live-hub.ts';
import { checkOptions, type DashboardOptions } from './options.ts';
import { loadStaticFiles } from './static-files.ts';
import { StoreHandle } from './store-handle.ts';

export interface Dashboard {
  /** Where the page is; with the token where one is needed. */
  readonly url: string;
  /** Ends all connections and gives the port back. */
  close(): Promise<void>;
}

/**
 * Serves the page of a store, read-only; what is committed there is pushed to every page that is open.
 * @throws DashboardError where it can't be served so, with what to change.
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const checked = checkOptions(options);
  const handle = new StoreHandle(checked.dir);
  const hub = new LiveHub(handle, checked.log);
  const files = await loadStaticFiles();
  let port = 0;
  const app = createApp({ options: checked, handle, hub, files, port: () => port });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  port = await listen(server, checked.host, checked.port);
  const query = checked.token === null ? '' : `?token=${encodeURIComponent(checked.token)}`;
  const host = isIP(checked.host) === 6 ? `[${checked.host}]` : checked.host;
  return {
    url: `http://${host}:${port}/${query}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await hub.close();
      server.closeAllConnections();
      await closed;
      handle.close();
    },
  };
}
