import {ask, get, patch, post, remove} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {go} from 'app/core/router.js';
import {Store} from 'app/core/store.js';
import {OpenChat} from 'app/chat/open.js';
import {notices, undoable} from 'app/parts/toast.js';

const POLL_MILLIS = 1500;
const PAGE = 200;

/** All chats: the list of them, their folders, and the one that is open. */
class Chats extends Store {
  /** @type {any[]} */
  list = [];
  /** @type {{id: string, name: string}[]} */
  folders = [];
  /** @type {any[]} */
  presets = [];
  /** @type {any[]} */
  models = [];
  /** @type {OpenChat | null} */
  open = null;
  /** Chats that were writing when they were last looked at. @type {Set<string>} */
  writing = new Set();
  /** Where the list goes on; null if this is all. @type {string | null | undefined} */
  next = undefined;
  loaded = false;
  /** @type {Set<string>} */
  #hidden = new Set();
  #timer = 0;

  async load() {
    const [list, folders, presets, models] = await Promise.all([
      get(`chats?limit=${PAGE}`),
      get('folders'),
      get('presets'),
      get('models'),
    ]);
    this.folders = folders.folders ?? folders;
    this.presets = presets.presets ?? presets;
    this.models = models?.models ?? [];
    this.#take(list);
    this.loaded = true;
    this.changed();
  }

  /** @param {{chats: any[], next?: string}} answer */
  #take({chats, next}) {
    const shown = chats.filter((chat) => !this.#hidden.has(chat.id));
    const known = new Set(shown.map((chat) => chat.id));
    this.list = [...shown, ...this.list.filter((chat) => !known.has(chat.id) && chat.older)];
    this.next ??= chats.length >= PAGE ? next : null;
    for (const chat of chats) {
      this.#mark(chat.id, chat.writing === true);
      if (this.open?.id === chat.id && this.open.loaded && this.open.chat.title !== chat.title) {
        this.open.chat.title = chat.title;
        this.open.changed();
      }
    }
    this.changed();
  }

  /** Looks again. */
  async refresh() {
    this.#take(await get(`chats?limit=${PAGE}`));
  }

  async loadMore() {
    const {chats, next} = await get(`chats?limit=${PAGE}&before=${encodeURIComponent(this.next)}`);
    const known = new Set(this.list.map((chat) => chat.id));
    const more = chats.filter((chat) => !known.has(chat.id)).map((chat) => ({...chat, older: true}));
    this.list = [...this.list, ...more];
    this.next = chats.length >= PAGE && more.length > 0 ? next : null;
    this.changed();
  }

  /** @param {string} id @param {boolean} writes */
  #mark(id, writes) {
    const was = this.writing.has(id);
    if (writes) {
      this.writing.add(id);
      this.#poll();
    } else if (was) {
      this.writing.delete(id);
      if (this.open?.id !== id) {
        const title = this.list.find((chat) => chat.id === id)?.title ?? '';
        notices.speak(t('chat.spoken.elsewhere', {title}));
      }
    }
  }

  /** Said by the open chat when an answer begins or ends. @param {string} id @param {boolean} writes */
  writes(id, writes) {
    this.#mark(id, writes);
    this.changed();
    if (!writes) {
      this.refresh().catch(() => {});
    }
  }

  /** Chats that write while another is open are looked at now and then. */
  #poll() {
    if (this.#timer === 0) {
      this.#timer = setTimeout(async () => {
        this.#timer = 0;
        const elsewhere = [...this.writing].some((id) => id !== this.open?.id);
        if (elsewhere) {
          await this.refresh().catch(() => {});
        }
        if (this.writing.size > 0) {
          this.#poll();
        }
      }, POLL_MILLIS);
    }
  }

  /** Opens a chat, or none. @param {string} [id] */
  async show(id) {
    if ((this.open?.id ?? '') === (id ?? '')) {
      return;
    }
    this.open?.close();
    this.open = id ? new OpenChat(id, this) : null;
    this.changed();
    await this.open?.load();
  }

  /** Makes a chat and opens it. @param {object} [values] */
  async create({keepTokens = false, ...values} = {}) {
    const chat = await post('chats', values);
    this.list = [{messages: 0, ...chat}, ...this.list];
    this.open?.close();
    this.open = new OpenChat(chat.id, this);
    this.open.keepTokens = keepTokens;
    await this.open.load();
    this.changed();
    go('chat', chat.id);
    return this.open;
  }

  /** @param {string} id @param {object} changes */
  async change(id, changes) {
    this.list = this.list.map((chat) => (chat.id === id ? {...chat, ...changes} : chat));
    if (this.open?.id === id) {
      Object.assign(this.open.chat, changes);
      this.open.changed();
    }
    this.changed();
    await patch(`chats/${id}`, changes);
  }

  /** Removes a chat, which can be taken back for a while. @param {{id: string, title: string}} chat */
  delete(chat) {
    this.#hidden.add(chat.id);
    const before = this.list;
    this.list = this.list.filter((c) => c.id !== chat.id);
    if (this.open?.id === chat.id) {
      go('chat');
    }
    this.changed();
    undoable(
      t('chat.deleted', {title: chat.title || t('chat.untitled')}),
      () => {
        this.#hidden.delete(chat.id);
        this.list = before;
        this.changed();
      },
      () => remove(`chats/${chat.id}`, {keepalive: true}).catch(() => {}),
    );
  }

  /** @param {string} id @param {string} [upTo] */
  async duplicate(id, upTo) {
    const chat = await post(`chats/${id}/copy`, upTo ? {upTo} : {});
    await this.refresh();
    go('chat', chat.id);
  }

  /** @param {string} name */
  async addFolder(name) {
    const folder = await post('folders', {name});
    this.folders = [...this.folders, folder];
    this.changed();
    return folder;
  }

  /** @param {string} id @param {string} name */
  async renameFolder(id, name) {
    await patch(`folders/${id}`, {name});
    this.folders = this.folders.map((f) => (f.id === id ? {...f, name} : f));
    this.changed();
  }

  /** The chats in it stay. @param {string} id */
  async removeFolder(id) {
    await remove(`folders/${id}`);
    this.folders = this.folders.filter((f) => f.id !== id);
    this.list = this.list.map((chat) => (chat.folder === id ? {...chat, folder: null} : chat));
    this.changed();
  }

  /** @param {object} preset */
  async savePreset(preset) {
    const saved = await post('presets', preset);
    this.presets = [...this.presets, saved];
    this.changed();
    return saved;
  }

  /** @param {string} id @param {object} changes */
  async changePreset(id, changes) {
    const saved = await patch(`presets/${id}`, changes);
    this.presets = this.presets.map((p) => (p.id === id ? {...p, ...changes, ...saved} : p));
    this.changed();
  }

  /** @param {string} id */
  async removePreset(id) {
    await remove(`presets/${id}`);
    this.presets = this.presets.filter((p) => p.id !== id);
    this.changed();
  }

  /** @param {string} query @param {AbortSignal} signal */
  search(query, signal) {
    return get(`search?q=${encodeURIComponent(query)}&limit=30`, {signal});
  }

  /** @param {string} format @param {string} [chat] */
  async export(format, chat) {
    const answer = await ask('GET', `export?format=${format}${chat ? `&chat=${chat}` : ''}`);
    return answer.blob();
  }
}

export const chats = new Chats();
