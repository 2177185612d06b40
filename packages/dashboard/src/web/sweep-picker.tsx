import type { SweepEntry } from '../wire.ts';
import { sweepPath } from './route.ts';

export function SweepPicker({ sweeps, chosen }: { sweeps: readonly SweepEntry[]; chosen: string }) {
  if (sweeps.length === 0) return null;
  const isListed = sweeps.some((sweep) => sweep.name === chosen);
  return (
    <label class="picker">
      <span>Sweep</span>
      <select
        value={chosen}
        onChange={(event) => {
          location.hash = sweepPath(event.currentTarget.value);
        }}
      >
        {!isListed && <option value={chosen}>{chosen}</option>}
        {sweeps.map((sweep) => (
          <option key={sweep.id} value={sweep.name}>
            {sweep.state === 'complete' ? sweep.name : `${sweep.name} (${sweep.state})`}
          </option>
        ))}
      </select>
    </label>
  );
}
