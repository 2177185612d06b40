import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../backends/tf.ts';

interface Scope {
  track: Tensor[];
}

/** The parts of tfjs's engine that say which tensors a stretch of time has made. */
interface Engine {
  readonly state: {
    readonly activeScope: Scope | null;
    /** Steps of a forward pass, with what their gradients need; null where none is under way. */
    activeTape: ReadonlyArray<{ readonly saved?: Tensor[] }> | null;
    readonly registeredVariables: Record<string, { dispose(): void }>;
  };
  startScope(name: string): void;
  endScope(): void;
}

/**
 * Everything that a trial puts into the backend's memory, from `open` to `close`: also what its trainer forgot, and the
 * weights of models and optimisers. Tensors made before (a trainer's data) and those kept with `tf.keep` stay.
 */
export class TensorScope {
  readonly #engine: Engine;
  readonly #scope: Scope;
  readonly #before: ReadonlySet<string>;

  static open(tf: Tf): TensorScope {
    return new TensorScope(tf.engine() as unknown as Engine);
  }

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.#before = new Set(Object.keys(engine.state.registeredVariables));
    engine.startScope('trial');
    this.#scope = engine.state.activeScope!;
  }

  /** tfjs remembers each tensor of an open scope, disposed or not: over a long trial that alone would fill the memory. */
  compact(): void {
    this.#scope.track = this.#scope.track.filter((tensor) => !tensor.isDisposed);
  }

  close(): void {
    const { state } = this.#engine;
    // A trainer that failed amid a scope of its own has left that one open above ours.
    while (state.activeScope !== null && state.activeScope !== this.#scope) this.#engine.endScope();
    if (state.activeScope === this.#scope) this.#engine.endScope();
    // tfjs keeps it until the gradients are computed: for ever, where the forward pass threw.
    for (const { saved } of state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
    state.activeTape = null;
    for (const [name, variable] of Object.entries(state.registeredVariables)) {
      if (!this.#before.has(name)) variable.dispose();
    }
  }
}
