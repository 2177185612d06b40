import { Session } from 'node:inspector/promises';
import { it } from 'vitest';
import { TestFleet } from './testing/fleet.ts';
it('bench', async () => {
  const fleet = await TestFleet.create();
  const sweep = await fleet.sweep();
  const n = 4000;
  await fleet.agent({ slots: 8 });
  await new Promise((r) => setTimeout(r, 1500));
  const session = new Session(); session.connect();
  await session.post('Profiler.enable'); await session.post('Profiler.start');
  const c0 = process.cpuUsage();
  const t0 = performance.now();
  for (let i = 0; i < n; i++) await sweep.launch({ do: 'train' });
  while (sweep.events.length < n * 3) await new Promise((r) => setTimeout(r, 50));
  const s = (performance.now() - t0) / 1000;
  const c = process.cpuUsage(c0);
  const { profile } = await session.post('Profiler.stop');
  process.stderr.write(`${(n / s).toFixed(0)} trials/s, cpu ${((c.user + c.system) / 1e6).toFixed(2)} of ${s.toFixed(2)}\n`);
  const dt = profile.timeDeltas!; const self = new Map<number, number>();
  profile.samples!.forEach((id, i) => self.set(id, (self.get(id) ?? 0) + dt[i]!));
  const by = new Map<string, number>();
  for (const node of profile.nodes) { const k = `${node.callFrame.functionName} ${node.callFrame.url.split('/').slice(-2).join('/')}:${node.callFrame.lineNumber}`; by.set(k, (by.get(k) ?? 0) + (self.get(node.id) ?? 0)); }
  for (const [k, v] of [...by].sort((a, b) => b[1] - a[1]).slice(0, 32)) process.stderr.write(`${(v / 1000).toFixed(0)} ms ${k}\n`);
}, 120000);
