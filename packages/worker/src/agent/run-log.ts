import { createWriteStream, type WriteStream } from 'node:fs';

/** A trainer that prints every batch for a day must not fill the disk. */
const LIMIT_BYTES = 10 * 1024 * 1024;

type LogState =
  | { readonly kind: 'unopened' }
  | { readonly kind: 'open'; readonly stream: WriteStream; readonly room: number }
  /** Full, broken (a log that can't be written is no reason to lose a trial) or closed. */
  | { readonly kind: 'done' };

/** What the runner prints while one attempt trains. The file appears with the first output. */
export class RunLog {
  readonly #path: string;
  readonly #limit: number;
  #state: LogState = { kind: 'unopened' };

  constructor(path: string, limitBytes: number = LIMIT_BYTES) {
    this.#path = path;
    this.#limit = limitBytes;
  }

  write(chunk: Buffer): void {
    if (this.#state.kind === 'unopened') this.#state = this.#open();
    if (this.#state.kind !== 'open') return;
    const { stream, room } = this.#state;
    if (chunk.length <= room) {
      stream.write(chunk);
      this.#state = { kind: 'open', stream, room: room - chunk.length };
      return;
    }
    stream.write(chunk.subarray(0, room));
    stream.end(`\n[The log ends here: it has reached its limit of ${this.#limit} bytes.]\n`);
    this.#state = { kind: 'done' };
  }

  close(): void {
    if (this.#state.kind === 'open') this.#state.stream.end();
    this.#state = { kind: 'done' };
  }

  #open(): LogState {
    const stream = createWriteStream(this.#path, { flags: 'a' });
    stream.on('error', () => {
      this.#state = { kind: 'done' };
    });
    return { kind: 'open', stream, room: this.#limit };
  }
}
