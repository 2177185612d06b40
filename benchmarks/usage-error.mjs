/** An option of a benchmark that makes no sense: shown without a stack. */
export class UsageError extends Error {
  code = 'BENCH_USAGE';
}

/**
 * @param {string} option
 * @param {string} text
 * @param {number} [least]
 * @returns {number}
 */
export function wholeNumber(option, text, least = 1) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${option} is \`${text}\`; it must be a whole number from ${least}.`);
}

/**
 * @template {string} T
 * @param {string} option
 * @param {string} text comma-separated
 * @param {readonly T[]} known
 * @returns {T[]}
 */
export function listOf(option, text, known) {
  const names = text.split(',').filter((name) => name !== '');
  for (const name of names)
    if (!(/** @type {readonly string[]} */ (known).includes(name)))
      throw new UsageError(`--${option} names \`${name}\`; it takes ${known.join(', ')}.`);
  return /** @type {T[]} */ (names);
}
