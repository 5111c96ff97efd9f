import {LitElement} from 'lit-element';
import {nothing} from 'lit-html';
import {language} from 'app/core/i18n.js';

export {html, svg, nothing, noChange} from 'lit-html';

/**
 * An element of the page. It draws into the document itself, so that labels, focus and the one set
 * of style sheets reach across elements. It draws itself again when a store that it uses changes,
 * and when the language does.
 */
export class SnoozyElement extends LitElement {
  #stores = new Set();
  #redraw = () => this.requestUpdate();

  constructor() {
    super();
    this.uses(language);
  }

  createRenderRoot() {
    return this;
  }

  /**
   * Draws again whenever the store changes, as long as the element is on the page.
   * @template {EventTarget} T
   * @param {T} store
   * @returns {T}
   */
  uses(store) {
    if (!this.#stores.has(store)) {
      this.#stores.add(store);
      if (this.isConnected) {
        store.addEventListener('change', this.#redraw);
      }
    }
    return store;
  }

  /** No longer draws when the store changes. @param {EventTarget} store */
  forgets(store) {
    this.#stores.delete(store);
    store.removeEventListener('change', this.#redraw);
  }

  connectedCallback() {
    super.connectedCallback();
    for (const store of this.#stores) {
      store.addEventListener('change', this.#redraw);
    }
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const store of this.#stores) {
      store.removeEventListener('change', this.#redraw);
    }
  }

  /** Tells whoever listens outside. @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail, bubbles: true}));
  }
}

/** @param {unknown} condition @param {() => unknown} draw */
export function when(condition, draw) {
  return condition ? draw() : nothing;
}
