import { describeSampler } from '@tfsweep/orchestrator/testing';
import localSearch from '../../configs/plugin-sampler.ts';

// As docs/samplers.md shows it: all that the author of a sampler has to write.
describeSampler('local-search', (space) => localSearch.create(space, {}));
