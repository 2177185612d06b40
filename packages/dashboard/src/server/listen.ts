import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DashboardError } from './errors.ts';

const TRIES = 20;
const MAX_PORT = 65_535;

/**
 * Listens on the port, or on the next one that is free; 0 leaves the choice to the system.
 * @returns the port. @throws DashboardError when all 20 are taken or the address can't be listened on.
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  const last = Math.min(port + TRIES - 1, MAX_PORT);
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      return await listenOnce(server, host, candidate);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') continue;
      throw new DashboardError(
        'DASHBOARD_LISTEN',
        `The dashboard can't listen on ${host}:${candidate}: ${message}. Choose another host or port.`,
        { cause },
      );
    }
  }
  throw new DashboardError(
    'DASHBOARD_PORTS_TAKEN',
    `The ports ${port} to ${last} of ${host} are all taken. Choose another port, or 0 for any free one.`,
  );
}

function listenOnce(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      server.off('listening', onListening);
      reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, host);
  });
}
