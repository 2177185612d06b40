import { InvalidArgumentError } from 'commander';

export function trialNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('Expected the number of a trial: 0, 1, 2 …');
  }
  return number;
}
