import fc from 'fast-check';
import type { PluginSampler } from '../samplers/plugin.ts';
import type { AskContext, ObservedTrial, Suggestion, TransferTask } from '../samplers/sampler.ts';
import { drawParams } from '../space/points.ts';
import type { Params, Space } from '../space/types.ts';
import { toUnit } from '../space/unit.ts';
import { createRng } from '../study/rng.ts';
import { freeze } from './freeze.ts';

/** How a trial can end, or go on. `paused`: it is seen as pruned, until it goes on and is complete a round later. */
export const OUTCOMES = [
  'complete',
  'equal',
  'infinite',
  'minus infinite',
  'huge',
  'failed',
  'stopped',
  'pruned',
  'pruned unheard',
  'paused',
  'running',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** So many trials are asked for before any of them is told, and then they end in this order and so. */
export interface Round {
  readonly asks: number;
  readonly order: number;
  readonly outcomes: readonly Outcome[];
}

const outcome = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Outcome>('complete') },
  { weight: 8, arbitrary: fc.constantFrom<Outcome>(...OUTCOMES) },
);

/** Rounds with a few asks each, now and then with up to 64. */
export const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    asks: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
      { weight: 1, arbitrary: fc.integer({ min: 5, max: 64 }) },
    ),
    order: fc.nat(1_000),
    outcomes: fc.array(outcome, { minLength: 1, maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 8 },
);

export interface Task {
  readonly space: Space;
  readonly seed: number;
  readonly objectives: number;
  readonly constraints: number;
  /** Results of an earlier task, so many; its space is this one's first half and a parameter that is not here. */
  readonly earlier?: number;
}

/** One study as a sampler lives through it. All that the sampler is shown is frozen. */
export class SamplerLife {
  readonly task: Task;
  readonly #sampler: PluginSampler;
  #history: readonly ObservedTrial[] = [];
  #paused: number[] = [];
  readonly #transfer: readonly TransferTask[];

  constructor(sampler: PluginSampler, task: Task) {
    this.#sampler = sampler;
    this.task = freeze(task);
    this.#transfer = freeze(earlierTask(task));
  }

  get history(): readonly ObservedTrial[] {
    return this.#history;
  }

  /** What the sampler is shown when it is asked for the next trial. */
  context(): AskContext {
    const number = this.#history.length;
    return {
      ...this.task,
      maxStep: 9,
      runCap: null,
      transfer: this.#transfer,
      number,
      history: this.#history,
      rng: createRng(this.task.seed, number, 'ask'),
    };
  }

  ask(): Suggestion | null {
    const number = this.#history.length;
    const suggestion = this.#sampler.suggest(this.context());
    if (suggestion !== null) this.#put(observed(this.task, number, { ...suggestion.params }, 'running'));
    return suggestion;
  }

  tell(number: number, told: Outcome): void {
    if (told === 'paused') this.#paused.push(number);
    this.#put(observed(this.task, number, this.#history[number]!.params, told));
  }

  /** A complete trial with this loss. */
  tellLoss(number: number, loss: number): void {
    const told = observed(this.task, number, this.#history[number]!.params, 'equal');
    this.#put(freeze({ ...told, loss, losses: [loss], curve: [{ step: 1, loss }], step: 1 }));
  }

  /** @returns whether the sampler had something to suggest to the end. */
  live(round: Round): boolean {
    const goOn = this.#paused;
    this.#paused = [];
    const open: number[] = [];
    for (let i = 0; i < round.asks; i++) {
      if (this.ask() === null) return false;
      open.push(this.#history.length - 1);
    }
    const rng = createRng(round.order, 0, 'order');
    for (let i = 0; open.length > 0; i++) {
      const [number] = open.splice(rng.int(open.length), 1);
      this.tell(number!, round.outcomes[i % round.outcomes.length]!);
    }
    for (const number of goOn) this.tell(number, 'complete');
    return true;
  }

  #put(trial: ObservedTrial): void {
    const next = [...this.#history];
    next[trial.number] = trial;
    this.#history = freeze(next);
  }
}

function earlierTask({ space, seed, earlier = 0 }: Task): TransferTask[] {
  if (earlier === 0) return [];
  const half = space.slice(0, Math.ceil(space.length / 2));
  const trials = Array.from({ length: earlier }, (_, i) => {
    const params = drawParams(half, createRng(seed, i, 'earlier'));
    return { params: { ...params, elsewhere: i }, loss: 1_000 * bowl(half, params) };
  });
  return [{ name: 'earlier', trials }];
}

function observed(
  { space, objectives, constraints }: Task,
  number: number,
  params: Params,
  told: Outcome,
): ObservedTrial {
  const value = lossOf(space, params, told);
  const isComplete = value !== null;
  const isPruned = told === 'pruned' || told === 'paused' || told === 'pruned unheard';
  const steps = isComplete ? [1, 2, 3, 4] : isPruned && told !== 'pruned unheard' ? [1, 2, 3] : [];
  const curve = steps.map((step) => ({ step, loss: (value ?? 1) + 1 / step }));
  const losses = isComplete
    ? Array.from({ length: objectives }, (_, i) => (i === 0 ? value : -value / 2))
    : null;
  const violations = isComplete
    ? Array.from({ length: constraints }, (_, c) => 10 ** c * Math.sin(number + c))
    : null;
  const state = isComplete ? 'complete' : isPruned ? 'pruned' : told;
  return freeze({
    number,
    params,
    state: state as ObservedTrial['state'],
    loss: isComplete ? value : (curve.at(-1)?.loss ?? null),
    losses,
    violations,
    curve,
    step: curve.at(-1)?.step ?? 0,
  });
}

/** null: it has none. */
function lossOf(space: Space, params: Params, told: Outcome): number | null {
  switch (told) {
    case 'complete':
      return bowl(space, params);
    case 'equal':
      return 1;
    case 'infinite':
      return Number.POSITIVE_INFINITY;
    case 'minus infinite':
      return Number.NEGATIVE_INFINITY;
    case 'huge':
      return 1e308;
    default:
      return null;
  }
}

/** Least where every parameter that is there stands at 0.3 of its range. */
function bowl(space: Space, params: Params): number {
  let sum = 0;
  for (const { name, distribution } of space)
    if (Object.hasOwn(params, name)) sum += (toUnit(distribution, params[name]!) - 0.3) ** 2;
  return sum;
}
