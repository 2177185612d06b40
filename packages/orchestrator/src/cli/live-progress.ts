import type { SweepRow } from '../store/index.ts';
import type { Snapshot } from '../sweep/progress.ts';
import { paint } from './context.ts';
import { durationText } from './duration-text.ts';
import { goalText } from './show-sweep.ts';

const REDRAW_MS = 200;
/** Where standard error is no terminal, a line this often, and one for each new best. */
const PLAIN_LINE_MS = 10_000;
const BAR_WIDTH = 24;
const UP_AND_CLEAR = '\u001b[1A\u001b[2K';

/** The sweep as it goes, on standard error: some lines drawn again in place on a terminal, plain lines elsewhere. */
export class LiveProgress {
  readonly #metric: string;
  readonly #fidelity: string;
  readonly #silent: boolean;
  readonly #out = process.stderr;
  #latest: Snapshot | null = null;
  #drawn = 0;
  #timer: NodeJS.Timeout | null = null;
  #plainAt = Number.NEGATIVE_INFINITY;
  #plainBest: number | null = null;

  constructor(sweep: SweepRow, silent: boolean) {
    const { metric, fidelity } = sweep.config;
    this.#metric = metric.name;
    this.#fidelity = fidelity === null ? 'step' : fidelity.unit.replace(/s$/, '');
    this.#silent = silent;
    if (!silent) this.say(`${paint('bold', sweep.name, this.#out)}: ${describe(sweep)}`);
  }

  start(): void {
    if (this.#silent || !this.#out.isTTY) return;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
  }

  update(snapshot: Snapshot): void {
    this.#latest = snapshot;
    if (!this.#silent && !this.#out.isTTY) this.#plain(snapshot);
  }

  /** A line that stays. */
  say(line: string): void {
    this.#erase();
    this.#out.write(`${line}\n`);
    if (this.#timer !== null) this.#draw();
  }

  close(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#erase();
  }

  #plain(snapshot: Snapshot): void {
    const now = performance.now();
    const best = snapshot.best?.number ?? null;
    if (best === this.#plainBest && now - this.#plainAt < PLAIN_LINE_MS) return;
    this.#plainAt = now;
    this.#plainBest = best;
    const running = snapshot.running.length === 0 ? '' : ` (${this.#running(snapshot)})`;
    this.#out.write(`${this.#counts(snapshot)}${running}; ${this.#best(snapshot)}; ${pace(snapshot)}\n`);
  }

  #draw(): void {
    if (this.#latest === null) return;
    this.#erase();
    const width = Math.max(40, this.#out.columns ?? 80) - 1;
    const lines = this.#lines(this.#latest).map((line) => cut(line, width));
    this.#out.write(`${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#out.write(UP_AND_CLEAR.repeat(this.#drawn));
    this.#drawn = 0;
  }

  #lines(snapshot: Snapshot): string[] {
    return [
      `${bar(snapshot)} ${this.#counts(snapshot)}`,
      `  running  ${this.#running(snapshot) || (snapshot.slots === 0 ? 'waiting for a worker to greet' : '–')}`,
      `  ${this.#best(snapshot)}`,
      `  ${pace(snapshot)}`,
    ];
  }

  #running({ running }: Snapshot): string {
    return running.map(({ number, step }) => `#${number} ${this.#fidelity} ${step}`).join(', ');
  }

  #counts({ counts, total }: Snapshot): string {
    const done = counts.complete + counts.pruned + counts.failed + counts.stopped;
    const parts = [`${done}/${total ?? '?'} trials`, `${counts.running} running`];
    if (counts.pruned > 0) parts.push(`${counts.pruned} pruned`);
    if (counts.failed > 0) parts.push(`${counts.failed} failed`);
    return parts.join(', ');
  }

  #best({ best }: Snapshot): string {
    return best === null
      ? `best ${this.#metric} –`
      : `best ${this.#metric} ${best.value.toPrecision(5)} (trial ${best.number})`;
  }
}

function describe({ config }: SweepRow): string {
  const trials = config.runCap === null ? '' : `, ${config.runCap} trials`;
  const goals = [config.metric, ...config.otherMetrics].map(goalText).join(', ');
  return `${config.method} search${trials}, ${goals}`;
}

function pace({ trialsPerSecond, elapsedSeconds, etaSeconds, slots, backend }: Snapshot): string {
  const rate =
    trialsPerSecond >= 1
      ? `${trialsPerSecond.toFixed(1)} trials/s`
      : `${(trialsPerSecond * 60).toFixed(1)} trials/min`;
  const eta = etaSeconds === null ? '' : `, about ${durationText(etaSeconds)} left`;
  const where = slots === 0 ? '' : `, ${slots} slots${backend === '' ? '' : ` on ${backend}`}`;
  return `${rate}, ${durationText(elapsedSeconds)} so far${eta}${where}`;
}

function bar({ counts, total }: Snapshot): string {
  const done = counts.complete + counts.pruned + counts.failed + counts.stopped;
  const filled = total === null || total === 0 ? 0 : Math.round((BAR_WIDTH * done) / total);
  return `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
