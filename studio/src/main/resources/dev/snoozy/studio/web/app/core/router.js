import {Store} from 'app/core/store.js';

/** The pages, in the order of the navigation. */
export const PAGES = ['chat', 'documents', 'lab', 'models', 'data', 'tune', 'evaluate', 'cook', 'jobs', 'server', 'settings'];

/** Where the person is: the part of the address after the #, as `#/page/part/…`. */
class Router extends Store {
  page = 'chat';
  /** @type {string[]} */
  parts = [];
  /** @type {?string} */
  #read = null;

  constructor() {
    super();
    addEventListener('hashchange', () => this.read());
    this.read();
  }

  /** Takes the place from the address, unless that is where one is. */
  read() {
    if (location.hash === this.#read) {
      return;
    }
    this.#read = location.hash;
    const [page, ...parts] = location.hash.replace(/^#\/?/, '').split('/').map(decode);
    this.page = PAGES.includes(page) ? page : 'chat';
    this.parts = parts.filter((part) => part !== '');
    this.changed();
  }
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export const router = new Router();

/** The address of a place. @param {...string} parts */
export function place(...parts) {
  return '#/' + parts.map(encodeURIComponent).join('/');
}

/**
 * Goes to a place. It is shown at once, not when the browser comes to tell of the new address: what a person types
 * next must not go where they have left.
 * @param {...string} parts
 */
export function go(...parts) {
  if (location.hash !== place(...parts)) {
    location.hash = place(...parts);
    router.read();
  }
}
