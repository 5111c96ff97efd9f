import {get} from 'app/core/api.js';
import {Store} from 'app/core/store.js';

/**
 * @typedef {{name: string, places: string[], embedder: string, indexed: number, empty: number,
 *     failed: number, passages: number}} Collection
 */

/** The collections of documents that there are. */
class Collections extends Store {
  /** @type {Collection[]} */
  list = [];
  loaded = false;

  async load() {
    this.list = (await get('documents')).collections;
    this.loaded = true;
    this.changed();
  }

  /** @param {string} name */
  find(name) {
    return this.list.find((one) => one.name === name);
  }
}

export const collections = new Collections();
