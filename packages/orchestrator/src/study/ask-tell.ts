import { TfsweepError } from '../errors.ts';
import { StudyError } from './study-error.ts';
import type { BestTrial, MetricValues, Study, TellOutcome } from './types.ts';

/**
 * The line protocol of `tfsweep ask-tell`: a function from one JSON request to one JSON reply, without line ends.
 * Whatever is wrong with a line, the reply says so and the study is as it was.
 */
export function createAskTell(study: Study): (line: string) => string {
  return (line) => {
    try {
      return JSON.stringify(answer(study, parse(line)));
    } catch (error) {
      if (error instanceof TfsweepError) return JSON.stringify({ error: error.message });
      throw error;
    }
  };
}

type Request = Readonly<Record<string, unknown>>;

const SHOWN = 80;

function parse(line: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new StudyError(`This is no JSON: ${shorten(line)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Request;
  throw new StudyError(`A request is a JSON object such as {"op":"ask"}, not ${shorten(line)}`);
}

function answer(study: Study, request: Request): unknown {
  switch (request.op) {
    case 'ask': {
      allow(request, []);
      const asked = study.ask();
      if (asked === null) throw new StudyError(whyNothing(study));
      const { number, params, pauseAt, resumes } = asked;
      return {
        number,
        params,
        ...(pauseAt === undefined ? {} : { pause_at: pauseAt }),
        ...(resumes ? { resumes } : {}),
      };
    }
    case 'report': {
      allow(request, ['number', 'step', 'value', 'values']);
      const { stop } = study.report(
        readNumber(request, 'number'),
        readNumber(request, 'step'),
        readValues(study, request) ?? readNumber(request, 'value'),
      );
      return stop === null ? { stop: false } : { stop: true, reason: stop };
    }
    case 'tell':
      allow(request, ['number', 'value', 'values', 'state']);
      if (request.state === 'paused') study.pause(readNumber(request, 'number'));
      else study.tell(readNumber(request, 'number'), readOutcome(study, request));
      return { ok: true };
    case 'best': {
      allow(request, []);
      const best = study.best();
      if (best === null) throw new StudyError(whyNoBest(study));
      return shown(study, best);
    }
    case 'front':
      allow(request, []);
      return { front: study.front().map((best) => shown(study, best)) };
    default:
      throw new StudyError(
        `"op" is ${shorten(JSON.stringify(request.op) ?? 'missing')}; it must be "ask", "report", "tell", "best" or "front".`,
      );
  }
}

/** A misspelt key must not pass for one that was left out. */
function allow(request: Request, keys: readonly string[]): void {
  for (const key of Object.keys(request)) {
    if (key === 'op' || keys.includes(key)) continue;
    const known = keys.length > 0 ? `besides "op" it takes ${keys.join(', ')}` : 'it takes only "op"';
    throw new StudyError(`"${String(request.op)}" does not take ${shorten(JSON.stringify(key))}: ${known}.`);
  }
}

const STATES = ['complete', 'pruned', 'failed', 'stopped'] as const;

function readOutcome(study: Study, request: Request): TellOutcome {
  const state = request.state ?? 'complete';
  if (!isState(state))
    throw new StudyError(
      `"state" is ${shorten(JSON.stringify(state))}; it must be one of ${STATES.join(', ')}.`,
    );
  const told = readValues(study, request);
  if (state === 'complete') {
    if (told === undefined) return { state };
    return typeof told === 'number' ? { state, value: told } : { state, values: told };
  }
  if (told !== undefined) throw new StudyError(`A trial that is ${state} has no value: leave it out.`);
  return { state };
}

/** `values` only where there are several: a sweep of one metric reads as it always has. */
function shown({ metrics }: Study, { number, value, values, params }: BestTrial): object {
  return metrics.length === 1 ? { number, value, params } : { number, value, values, params };
}

function whyNothing(study: Study): string {
  const enough = study.enough();
  const has = (state: string): boolean => study.trials().some((trial) => trial.state === state);
  if (enough === null && has('paused') && has('running'))
    return 'Nothing can start now: one that is paused may go on once another that runs is paused or told.';
  return `Nothing is left to try: ${enough ?? 'the run cap or the end of the grid is reached'}.`;
}

function whyNoBest(study: Study): string {
  const complete = study.trials().some(({ state }) => state === 'complete');
  return complete ? 'No complete trial keeps the constraints yet.' : 'No trial is complete yet.';
}

function isState(state: unknown): state is (typeof STATES)[number] {
  return (STATES as readonly unknown[]).includes(state);
}

/** `value` is of the first metric; `values` a list in the order of the metrics, or a map by their names. */
function readValues({ metrics }: Study, request: Request): MetricValues | undefined {
  const { values } = request;
  if (values === undefined) return request.value === undefined ? undefined : readNumber(request, 'value');
  if (request.value !== undefined) throw new StudyError('Give "value" or "values", not both.');
  if (Array.isArray(values)) {
    if (values.length === metrics.length && values.every(isFiniteNumber))
      return Object.fromEntries(metrics.map((name, i) => [name, values[i] as number]));
  } else if (typeof values === 'object' && values !== null && Object.values(values).every(isFiniteNumber)) {
    return values as Record<string, number>;
  }
  const expected =
    metrics.length === 1
      ? 'this sweep has one metric, so it must hold one number'
      : `it must hold ${metrics.length} numbers, in this order or by name: ${metrics.join(', ')}`;
  throw new StudyError(`"values" is ${shorten(JSON.stringify(values))}; ${expected}.`);
}

function readNumber(request: Request, key: string): number {
  const value = request[key];
  if (isFiniteNumber(value)) return value;
  // JSON has no NaN: what a trainer could not measure comes as null.
  const hint = key === 'value' ? ' A trial without a value is told "state":"failed".' : '';
  throw new StudyError(
    `"${key}" is ${shorten(JSON.stringify(value) ?? 'missing')}; it must be a number.${hint}`,
  );
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
