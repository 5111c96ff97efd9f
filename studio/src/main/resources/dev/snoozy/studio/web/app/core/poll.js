/**
 * Does something now and then as long as an element is on a page that can be seen.
 * @implements {import('lit-element').ReactiveController}
 */
export class Poll {
  #timer = 0;

  /** @param {import('lit-element').LitElement} host @param {() => Promise<unknown>} work @param {number} millis */
  constructor(host, work, millis) {
    this.host = host;
    this.work = work;
    this.millis = millis;
    host.addController(this);
  }

  hostConnected() {
    this.#next(0);
  }

  hostDisconnected() {
    clearTimeout(this.#timer);
  }

  #next(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      if (!document.hidden) {
        await this.work().catch(() => {}); // It is tried again.
      }
      if (this.host.isConnected) {
        this.#next(this.millis);
      }
    }, wait);
  }
}
