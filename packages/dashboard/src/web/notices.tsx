import type { ComponentChildren } from 'preact';

export function Notice(props: { kind: 'info' | 'error'; title: string; children: ComponentChildren }) {
  return (
    <section class="notice" data-kind={props.kind} role={props.kind === 'error' ? 'alert' : 'note'}>
      <h2>{props.title}</h2>
      <p>{props.children}</p>
    </section>
  );
}

export function EmptyStore() {
  return (
    <section class="empty">
      <h1>No sweeps here yet</h1>
      <p>
        Start one with <code>tfsweep launch sweep.yaml</code>. It shows up here by itself.
      </p>
    </section>
  );
}
