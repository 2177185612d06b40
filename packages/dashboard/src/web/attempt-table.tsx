import type { AttemptView } from '../wire.ts';
import { formatDuration, formatTime } from './format.ts';

export function AttemptTable({ attempts }: { attempts: readonly AttemptView[] }) {
  if (attempts.length === 0) return <p class="waiting">Not started yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Attempts table">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              Attempt
            </th>
            <th scope="col">Outcome</th>
            <th scope="col">Worker</th>
            <th scope="col" class="number">
              Slot
            </th>
            <th scope="col">Backend</th>
            <th scope="col">Started</th>
            <th scope="col" class="number">
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.attempt}>
              <th scope="row" class="number">
                {attempt.attempt}
              </th>
              <td class="outcome">
                {attempt.outcome ?? (attempt.startedAt === null ? 'queued' : 'running')}
                {attempt.reason !== null && <span class="reason">{attempt.reason}</span>}
              </td>
              <td>{attempt.worker ?? '–'}</td>
              <td class="number">{attempt.slot ?? '–'}</td>
              <td>{attempt.backend ?? '–'}</td>
              <td>{attempt.startedAt === null ? '–' : formatTime(attempt.startedAt)}</td>
              <td class="number">{durationOf(attempt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function durationOf({ startedAt, finishedAt, ranSeconds }: AttemptView): string {
  return startedAt === null || finishedAt === null ? '–' : formatDuration(ranSeconds);
}
