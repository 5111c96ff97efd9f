/** State that tells when it has changed, once for all changes of one turn of the event loop. */
export class Store extends EventTarget {
  #told = false;

  changed() {
    if (!this.#told) {
      this.#told = true;
      queueMicrotask(() => {
        this.#told = false;
        this.dispatchEvent(new Event('change'));
      });
    }
  }
}
