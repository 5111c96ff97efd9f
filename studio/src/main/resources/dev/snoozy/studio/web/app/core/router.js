import {Store} from 'app/core/store.js';

/** The pages, in the order of the navigation. */
export const PAGES = ['chat', 'lab', 'models', 'jobs', 'server', 'settings'];

/** Where the person is: the part of the address after the #, as `#/page/part/…`. */
class Router extends Store {
  page = 'chat';
  /** @type {string[]} */
  parts = [];

  constructor() {
    super();
    addEventListener('hashchange', () => this.read());
    this.read();
  }

  read() {
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

/** Goes to a place. @param {...string} parts */
export function go(...parts) {
  if (location.hash !== place(...parts)) {
    location.hash = place(...parts);
  }
}
