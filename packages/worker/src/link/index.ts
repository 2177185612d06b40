export { createRedisWorkerLink } from './redis-worker-link.ts';
