/** What a sweep has had of the worker, in turns divided by its weight. */
interface Account {
  weight: number;
  /** Where its next turn begins, unless the others have gone on since. */
  next: number;
}

/**
 * Weighted round robin over a changing set: start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996). The turn
 * goes to the sweep that is furthest behind; one that had nothing to offer for a while saves up no turns.
 */
export class Rotation {
  readonly #accounts = new Map<string, Account>();
  #now = 0;

  /** Adds a sweep or changes its weight, which must be above 0. */
  set(id: string, weight: number): void {
    const account = this.#accounts.get(id);
    if (account) account.weight = weight;
    else this.#accounts.set(id, { weight, next: this.#now });
  }

  delete(id: string): void {
    this.#accounts.delete(id);
  }

  /** Takes the next turn. `offers`: whether a sweep may have something now. */
  next(offers: (id: string) => boolean): string | null {
    let chosen: { id: string; account: Account; start: number } | null = null;
    for (const [id, account] of this.#accounts) {
      if (!offers(id)) continue;
      const start = Math.max(account.next, this.#now);
      if (chosen === null || start < chosen.start) chosen = { id, account, start };
    }
    if (chosen === null) return null;
    this.#now = chosen.start;
    chosen.account.next = chosen.start + 1 / chosen.account.weight;
    return chosen.id;
  }

  /** Gives a turn back that brought nothing. */
  refund(id: string): void {
    const account = this.#accounts.get(id);
    if (account) account.next -= 1 / account.weight;
  }
}
