/**
 * Edits that turn one text into the other: insert, delete, replace, swap two neighbours (optimal string alignment
 * distance; Damerau 1964, in the restricted form of Wagner and Fischer's table).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, beforePrevious[j - 2]! + 1);
      }
      row.push(best);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** Longer texts are no typing errors, and the table is quadratic. */
const MAX_COMPARED = 64;

/** The candidate that was probably meant; null where none is close (more than a third of its letters would change). */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > MAX_COMPARED) return null;
  const plain = normalise(word);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(plain, normalise(candidate));
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(candidate.length / 3))) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `learningRate`, `learning-rate` and `learning_rate` are one spelling. */
function normalise(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-. ]/g, '');
}

/** `; did you mean \`learning_rate\`?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const match = nearest(word, candidates);
  return match === null || match === word ? '' : `; did you mean \`${match}\`?`;
}
