/** A promise that only ever rejects, from outside: how a helper process tells that it can't go on. */
export class Failure {
  readonly promise: Promise<never>;
  #reject: (error: unknown) => void = () => undefined;

  constructor() {
    this.promise = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    // Whoever waits hears of it; when nobody does, it is no unhandled rejection.
    this.promise.catch(() => undefined);
  }

  reject(error: unknown): void {
    this.#reject(error);
  }
}
