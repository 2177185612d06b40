import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RunnerClient, Workplace } from './runner-client.ts';

it('trains on JSON lines, split by class, and keeps in the trial what it learnt from', async () => {
  const place = new Workplace();
  const text = Array.from({ length: 200 }, (_, i) =>
    JSON.stringify({
      x: (i % 2) * 2 + ((i * 7) % 11) / 11,
      zip: 10_000 + (i % 3),
      when: '2026-01-01',
      label: i % 2 ? 'in' : 'out',
    }),
  ).join('\n');
  place.write('rows.jsonl', text);
  const runner = new RunnerClient(place);
  const { reports, finished } = await runner.run({
    trainer: {
      spec: {
        dataset: {
          jsonl: 'rows.jsonl',
          target: 'label',
          exclude: ['when'],
          columns: { zip: 'categorical' },
          split: { type: '$split' },
        },
        model: { type: 'mlp', hidden: [8] },
        optimizer: { learning_rate: 0.05 },
      },
    },
    params: { split: 'stratified' },
    to: 5,
  });
  expect(finished?.outcome.kind).toBe('complete');
  expect(reports.at(-1)!.values.val_accuracy).toBe(1);
  const sha256 = createHash('sha256').update(text).digest('hex');
  expect(runner.output).toContain(
    `The data are rows.jsonl (sha256 ${sha256.slice(0, 12)}…): 160 samples train, 40 validate.`,
  );
  const [run] = readdirSync(place.artifacts);
  expect(JSON.parse(place.readArtifact(`${run}/artifacts/data.json`))).toMatchObject({
    name: 'rows.jsonl',
    sha256,
    rows: { training: 160, validation: 40 },
    features: ['x', 'zip'],
    notes: [expect.stringContaining('have a copy in the training part')],
  });
});
