import { describe, expect, it } from 'vitest';
import type { PluginSampler } from '../samplers/plugin.ts';
import type { AskContext } from '../samplers/sampler.ts';
import type { Scheduler } from '../schedulers/scheduler.ts';
import { buildParams, drawParams } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { draw, quantile } from '../space/unit.ts';
import { type Rule, samplerRules } from './sampler-rules.ts';
import { schedulerRules } from './scheduler-rules.ts';

/** The rules that are broken, by the words by which they can be told. */
function broken(rules: readonly Rule[]): string[] {
  return rules
    .filter(({ check }) => {
      try {
        check();
        return false;
      } catch {
        return true;
      }
    })
    .map(({ name }) => name);
}

const suggesting = (suggest: (context: AskContext) => Params) => (): PluginSampler => ({
  suggest: (context) => ({ params: suggest(context) }),
});
const drawn = ({ space, rng }: AskContext): Params => drawParams(space, rng);
const has = (words: string) => expect.arrayContaining([expect.stringContaining(words)]);

/** Each breaks one rule at least; what random search does otherwise breaks none. */
const SAMPLERS: ReadonlyArray<[what: string, create: (space: Space) => PluginSampler, rule: string]> = [
  [
    'gives a conditional parameter everywhere',
    suggesting(({ space, rng }) =>
      Object.fromEntries(space.map(({ name, distribution }) => [name, draw(distribution, rng)])),
    ),
    'just the parameters whose conditions hold',
  ],
  [
    'leaves the space',
    suggesting((context) => ({ ...drawn(context), more: 1 })),
    'suggests points of the space',
  ],
  [
    'draws from Math.random',
    suggesting(({ space }) =>
      buildParams(space, ({ distribution }) => quantile(distribution, Math.random())),
    ),
    'same again for the same seed',
  ],
  [
    'looks at the clock',
    suggesting((context) => (Date.now() > 0 ? drawn(context) : {})),
    'takes all chance from the given stream',
  ],
  [
    'counts its asks in secret',
    () => {
      let asks = 0;
      return {
        suggest: ({ space }) => ({
          params: buildParams(space, ({ distribution }) => quantile(distribution, (asks++ * 0.618) % 1)),
        }),
      };
    },
    'follows from the history alone',
  ],
  [
    'sorts the history in place',
    suggesting((context) => {
      (context.history as Array<(typeof context.history)[number]>).sort(
        (a, b) => (a.loss ?? 0) - (b.loss ?? 0),
      );
      return drawn(context);
    }),
    'suggests points of the space',
  ],
  [
    'takes it that every trial has a value',
    suggesting((context) => {
      if (context.history.some(({ state, loss }) => state === 'failed' && loss === null))
        throw new TypeError('loss is null');
      return drawn(context);
    }),
    'every trial is failed',
  ],
  [
    'repeats itself while it waits',
    suggesting(({ space, history }) =>
      buildParams(space, ({ distribution }) =>
        quantile(distribution, (0.618 * history.filter(({ state }) => state === 'complete').length) % 1),
      ),
    ),
    'over and over',
  ],
  [
    'never comes to the upper end',
    suggesting(({ space, rng }) =>
      buildParams(space, ({ distribution }) => quantile(distribution, 0.7 * rng.next())),
    ),
    'high end',
  ],
  [
    'says wrongly how many are left',
    () => ({ suggest: (context) => ({ params: drawn(context) }), left: (history) => 5 - history.length }),
    'how many are left',
  ],
];

describe('samplerRules', () => {
  it('finds nothing wrong with random search', () => {
    expect(broken(samplerRules(suggesting(drawn)))).toEqual([]);
  });

  it.each(SAMPLERS)('finds a sampler that %s', (_what, create, rule) => {
    expect(broken(samplerRules(create))).toEqual(has(rule));
  });
});

const stopping = (decide: (step: number, loss: number, heard: number) => string | null) => (): Scheduler => {
  let heard = 0;
  return {
    name: 'bad',
    onReport: ({ step, loss }) => decide(step, loss, heard++),
    onEnd: () => undefined,
  };
};

let calls = 0;

const SCHEDULERS: ReadonlyArray<[what: string, create: () => Scheduler, rule: string]> = [
  [
    'keeps a count beyond one study',
    stopping(() => (calls++ % 7 === 0 ? 'it is time' : null)),
    'decides the same again',
  ],
  ['stops at the last step', stopping((step) => (step === 27 ? 'at the end' : null)), 'last step'],
  ['stops the leader', stopping((_step, loss) => (loss < -50 ? 'too good' : null)), 'leads at every step'],
  ['gives no reason', stopping((step) => (step === 3 ? '' : null)), 'a reason in words'],
  [
    'throws dice',
    stopping((step) => (step < 27 && Math.random() < 0.1 ? 'bad luck' : null)),
    'takes no chance',
  ],
];

describe('schedulerRules', () => {
  it('finds nothing wrong with one that never stops a trial', () => {
    expect(broken(schedulerRules(stopping(() => null)))).toEqual([]);
  });

  it.each(SCHEDULERS)('finds a scheduler that %s', (_what, create, rule) => {
    expect(broken(schedulerRules(create))).toEqual(has(rule));
  });
});
