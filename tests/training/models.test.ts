import { expect, it } from 'vitest';
import { RunnerClient, Workplace } from './runner-client.ts';

it('trains every family of networks on digits, the family a parameter', async () => {
  const runner = new RunnerClient(new Workplace());
  const families: ReadonlyArray<Record<string, string | number>> = [
    { family: 'mlp', units: 16 },
    { family: 'cnn', filters: 4, dense: 16 },
    { family: 'resnet', filters: 4, blocks: 1 },
  ];
  for (const params of families) {
    const { reports, finished } = await runner.run({
      trainer: {
        spec: {
          dataset: { name: 'mnist', limit: 400, validation: 32 },
          // What is of another family is absent, as `when` makes it; a list without elements would be left.
          model: {
            type: '$family',
            ...('units' in params ? { hidden: ['$units'] } : { filters: ['$filters', '$filters'] }),
            ...('dense' in params ? { dense: ['$dense'] } : {}),
            blocks: '$blocks',
          },
          optimizer: { type: 'adam', learning_rate: 0.01 },
          batch_size: 16,
        },
      },
      params,
      to: 3,
    });
    expect(finished?.outcome.kind, String(params.family)).toBe('complete');
    const losses = reports.map(({ values }) => Number(values.loss));
    expect(losses.at(-1), String(params.family)).toBeLessThan(losses[0]!);
  }
});
