import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'sweep'; readonly sweep: string }
  | { readonly page: 'trial'; readonly sweep: string; readonly number: number };

export function sweepPath(sweep: string): string {
  return `#/sweep/${encodeURIComponent(sweep)}`;
}

export function trialPath(sweep: string, number: number): string {
  return `${sweepPath(sweep)}/trial/${number}`;
}

/** What no pattern fits is home: an address may come from anywhere. */
export function parseRoute(hash: string): Route {
  const match = /^#\/sweep\/([^/]+)(?:\/trial\/(\d{1,9}))?$/.exec(hash);
  const sweep = match && decode(match[1]!);
  if (!match || !sweep) return { page: 'home' };
  return match[2] === undefined
    ? { page: 'sweep', sweep }
    : { page: 'trial', sweep, number: Number(match[2]) };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const onChange = (): void => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return route;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
