import type { Params, Space } from '../space/types.ts';

/** Names of the parameters that tell these trials apart, in the order of the space; of a single trial, all that can vary. */
export function varyingParameters(space: Space, trials: readonly { readonly params: Params }[]): string[] {
  const names = new Set(space.map(({ name }) => name));
  for (const { params } of trials) for (const name of Object.keys(params)) names.add(name);
  if (trials.length < 2) {
    const constant = new Set(
      space.filter(({ distribution }) => distribution.kind === 'constant').map(({ name }) => name),
    );
    return [...names].filter((name) => !constant.has(name));
  }
  return [...names].filter((name) => {
    const first = JSON.stringify(trials[0]!.params[name]);
    return trials.some(({ params }) => JSON.stringify(params[name]) !== first);
  });
}
