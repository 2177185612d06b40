import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { FIRST_VIEW, type LeaderboardView } from './leaderboard-columns.ts';
import type { LiveState, LiveSweep } from './live-sweep.ts';
import { EmptyStore, Notice } from './notices.tsx';
import { type Route, sweepPath, useRoute } from './route.ts';
import { SweepPage } from './sweep-page.tsx';
import { SweepPicker } from './sweep-picker.tsx';
import { TrialPage } from './trial-page.tsx';

export function App({ live }: { live: LiveSweep }) {
  const route = useRoute();
  const state = useLive(live);
  const [view, setView] = useState(FIRST_VIEW);
  const main = useRef<HTMLElement>(null);
  const followed = route.page === 'home' ? '' : route.sweep;
  const newest = state.sweeps?.[0]?.name;

  useEffect(() => {
    live.follow(followed);
    setView(FIRST_VIEW);
  }, [live, followed]);
  useEffect(() => {
    // Replaced, not pushed: going back from the sweep must not lead here again.
    if (route.page === 'home' && newest !== undefined) location.replace(sweepPath(newest));
  }, [route, newest]);
  useEffect(() => {
    document.title = titleOf(route);
    if (route.page !== 'trial') return;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [route]);

  return (
    <>
      <header class="bar">
        <a class="brand" href="#/">
          tfsweep
        </a>
        <SweepPicker sweeps={state.sweeps ?? []} chosen={followed} />
        <Connection state={state.connection} />
      </header>
      <main ref={main} tabIndex={-1}>
        {state.status?.kind === 'broken' && (
          <Notice kind="error" title="The store can't be read">
            {state.status.message}
          </Notice>
        )}
        <Page route={route} state={state} view={view} onView={setView} />
      </main>
    </>
  );
}

interface PageProps {
  readonly route: Route;
  readonly state: LiveState;
  readonly view: LeaderboardView;
  readonly onView: (view: LeaderboardView) => void;
}

function Page({ route, state, view, onView }: PageProps) {
  const { status, sweeps, sweep, trials, loaded } = state;
  if (status === null) return <p class="waiting">Loading…</p>;
  if (status.kind === 'broken' && !sweep) return null;
  if (status.kind === 'absent' || sweeps?.length === 0) return <EmptyStore />;
  if (route.page === 'home' || sweep === undefined) return <p class="waiting">Loading…</p>;
  if (sweep === null) {
    return (
      <Notice kind="info" title={`There is no sweep named ${route.sweep} here`}>
        Choose another one above.
      </Notice>
    );
  }
  return route.page === 'trial' ? (
    <TrialPage key={route.number} sweep={sweep} trials={trials} number={route.number} />
  ) : (
    <SweepPage key={sweep.id} sweep={sweep} trials={trials} loaded={loaded} view={view} onView={onView} />
  );
}

const CONNECTION_TEXT = {
  connecting: 'connecting…',
  live: 'live',
  lost: 'connection lost, trying again…',
} as const;

function Connection({ state }: { state: LiveState['connection'] }) {
  return (
    <span class="connection" data-connection={state} role="status">
      {CONNECTION_TEXT[state]}
    </span>
  );
}

function useLive(live: LiveSweep): LiveState {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  useEffect(() => live.subscribe(() => rerender(undefined)), [live]);
  return live.state;
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'home':
      return 'tfsweep';
    case 'sweep':
      return `${route.sweep} · tfsweep`;
    case 'trial':
      return `Trial ${route.number} of ${route.sweep} · tfsweep`;
  }
}
