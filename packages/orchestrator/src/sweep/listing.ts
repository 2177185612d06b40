import { PROTOCOL_VERSION } from '../protocol/job.ts';
import type { SweepListing } from '../protocol/links.ts';
import type { SweepRow } from '../store/types.ts';
import { needsRoot, rootName } from './job-builder.ts';

/** What workers learn of a sweep before they take its jobs. */
export function listingOf(
  { id, name, config, configDir }: SweepRow,
  epoch: string,
  orders: Pick<SweepListing, 'keepOff' | 'drain'>,
): SweepListing {
  return {
    id,
    name,
    epoch,
    root: needsRoot(config) ? rootName(configDir) : null,
    gpusPerTrial: config.resources.gpusPerTrial,
    trialsPerGpu: config.resources.trialsPerGpu,
    priority: config.resources.priority,
    ...orders,
    protocol: PROTOCOL_VERSION,
  };
}
