import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { didYouMean } from '../config/nearest.ts';
import { type Problem, ProblemError, readProblem } from '../problems/index.ts';

/** Both from the sources and from the build two folders up: the package's own problems. */
const BUILT_IN = new URL('../../problems/', import.meta.url);

export function builtInProblems(): string[] {
  return readdirSync(BUILT_IN)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * @param named the name of a problem of the package, or the path of a file.
 * @throws ProblemError when there is neither, or the file is no problem.
 */
export function findProblem(named: string): Problem {
  const known = builtInProblems();
  if (known.includes(named))
    return readProblem(readFileSync(new URL(`${named}.json`, BUILT_IN), 'utf8'), named);
  if (!existsSync(named)) {
    throw new ProblemError(
      `--problem ${named}: there is no such file, and no such problem${didYouMean(named, known) || '.'} The problems are ${known.join(', ')}.`,
    );
  }
  return readProblem(readText(named), named);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ProblemError(
      `--problem ${path} can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`,
    );
  }
}
