import type { Distribution } from './types.ts';

const SHOWN_CHOICES = 12;

/** `a multiple of 16 between 16 and 256`, for messages. */
export function describeDistribution(d: Distribution): string {
  switch (d.kind) {
    case 'constant':
      return JSON.stringify(d.value);
    case 'categorical': {
      const shown = d.choices.slice(0, SHOWN_CHOICES).map((choice) => JSON.stringify(choice));
      return `one of ${shown.join(', ')}${d.choices.length > SHOWN_CHOICES ? ', …' : ''}`;
    }
    case 'float':
      return `${d.step === undefined ? 'a number' : `a multiple of ${d.step}`} between ${d.low} and ${d.high}`;
    case 'int':
      return `${d.step === 1 ? 'a whole number' : `a multiple of ${d.step}`} between ${d.low} and ${d.high}`;
    case 'normal':
      if (d.step !== undefined) return `${d.log ? 'a positive ' : 'a '}multiple of ${d.step}`;
      return `a ${d.log ? 'positive ' : ''}${d.int ? 'whole ' : ''}number`;
  }
}
