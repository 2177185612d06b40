// A process that holds the private Redis of a folder, as a launch does: `node holder.mjs DIR`. A line on standard input
// makes it let go and leave.
import { once } from 'node:events';
import { ensureEmbeddedRedis } from '@tfsweep/orchestrator/queue';

const held = await ensureEmbeddedRedis(process.argv[2], { note: () => {} });
held.onRestart(() => console.log('restarted'));
console.log('held');
await once(process.stdin, 'data');
await held.release();
console.log('released');
process.exit();
