import { existsSync, readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./reference/', import.meta.url);
const PROBLEMS = new URL('../packages/orchestrator/problems/', import.meta.url);

/** Names of the reference problems, in alphabetical order. */
export const PROBLEM_NAMES = readdirSync(PROBLEMS)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

/**
 * @param {string} name
 * @returns {string} the problem's file, as it is
 */
export function problemText(name) {
  return readFileSync(new URL(`${name}.json`, PROBLEMS), 'utf8');
}

/**
 * Optuna's runs on a problem: the regret's zero and one, and per sampler one curve per seed, the best value so far
 * after each trial.
 * @typedef {{zero: number, one: number, samplers: Record<string, {optuna: string, curves: number[][]}>}} OptunaRuns
 */

/** @returns {Record<string, OptunaRuns>} by problem */
export function optunaRuns() {
  return JSON.parse(readFileSync(new URL('optuna.json', FOLDER), 'utf8'));
}

/**
 * The same on shifted and rotated instances (make-optuna-moved.mjs): curves by instance, `levy8/1`.
 * @returns {Record<string, {optuna: string, curves: Record<string, number[][]>}>} by sampler
 */
export function optunaMovedRuns() {
  const file = new URL('optuna-moved.json', FOLDER);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * Optuna's runs on problems with several objectives (make-optuna-objectives.mjs): by problem and seed, minus the
 * hypervolume after each trial.
 * @returns {Record<string, {optuna: string, curves: Record<string, number[][]>}>} by sampler
 */
export function optunaObjectivesRuns() {
  const file = new URL('optuna-objectives.json', FOLDER);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * @param {string} name of a file in docs/
 * @returns {string}
 */
export function docsPage(name) {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}
