import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError, TrialDetail } from '../wire.ts';
import type { Trial } from './trials.ts';

export type DetailState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly detail: TrialDetail }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * A trial whole. Read again whenever its row was pushed anew, one request at a time, so that a trial that reports
 * faster than it can be read is still shown.
 */
export function useTrialDetail(sweep: string, number: number, row: Trial | undefined): DetailState {
  const [state, setState] = useState<DetailState>({ kind: 'loading' });
  const reader = useRef({ busy: false, stale: false, gone: false });

  useEffect(() => {
    const current = reader.current;
    current.stale = true;
    if (current.busy) return;
    current.busy = true;
    const readWhileStale = async (): Promise<void> => {
      while (current.stale && !current.gone) {
        current.stale = false;
        const next = await readDetail(sweep, number);
        if (!current.gone) setState(next);
      }
      current.busy = false;
    };
    void readWhileStale();
  }, [sweep, number, row]);
  useEffect(() => {
    const current = reader.current;
    current.gone = false;
    return () => {
      current.gone = true;
    };
  }, []);
  return state;
}

async function readDetail(sweep: string, number: number): Promise<DetailState> {
  try {
    const response = await fetch(`/api/sweeps/${encodeURIComponent(sweep)}/trials/${number}`);
    if (response.ok) return { kind: 'ready', detail: (await response.json()) as TrialDetail };
    if (response.status === 404) return failed(`There is no trial ${number} in this sweep.`);
    return failed(((await response.json()) as ApiError).error.message);
  } catch (error) {
    return failed(`The trial can't be read now (${String(error)}).`);
  }
}

function failed(message: string): DetailState {
  return { kind: 'failed', message };
}
