import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {plural, t} from 'app/core/i18n.js';
import {place} from 'app/core/router.js';
import {chats} from 'app/chat/chats.js';
import {exportDialog, importDialog} from 'app/chat/transfer.js';
import {confirmDialog, openDialog, promptDialog} from 'app/parts/dialog.js';
import {showProblem, trying} from 'app/parts/toast.js';

import 'app/parts/menu.js';

const WAIT_MILLIS = 180;
const DAY = 86_400_000;

/** The list of chats: pinned ones, folders, then by days; and the search over all of them. */
class ChatList extends SnoozyElement {
  static properties = {query: {state: true}, hits: {state: true}};

  constructor() {
    super();
    this.query = '';
    /** @type {any[] | null} */
    this.hits = null;
    this.uses(chats);
  }

  /** @param {string} query */
  #search(query) {
    this.query = query;
    this.asking?.abort();
    clearTimeout(this.timer);
    if (query.trim() === '') {
      this.hits = null;
      return;
    }
    this.asking = new AbortController();
    this.timer = setTimeout(async () => {
      try {
        this.hits = (await chats.search(query.trim(), this.asking.signal)).hits;
      } catch (e) {
        showProblem(e);
      }
    }, WAIT_MILLIS);
  }

  #groups() {
    const groups = [];
    const add = (key, name, list, folder) => {
      if (list.length > 0 || folder) {
        groups.push({key, name, list, folder});
      }
    };
    const rest = chats.list.filter((c) => !c.pinned && !c.folder);
    add('pinned', t('chat.pinned'), chats.list.filter((c) => c.pinned));
    for (const folder of chats.folders) {
      add(folder.id, folder.name, chats.list.filter((c) => !c.pinned && c.folder === folder.id), folder);
    }
    const today = new Date().setHours(0, 0, 0, 0);
    const age = (c) => (today - new Date(c.updated).getTime()) / DAY;
    add('today', t('chat.today'), rest.filter((c) => age(c) <= 0));
    add('week', t('chat.week'), rest.filter((c) => age(c) > 0 && age(c) <= 7));
    add('older', t('chat.older'), rest.filter((c) => age(c) > 7));
    return groups;
  }

  /** @param {any} chat */
  #items(chat) {
    return [
      {text: t('rename'), icon: 'edit', run: () => this.#rename(chat)},
      {
        text: chat.pinned ? t('chat.unpin') : t('chat.pin'),
        icon: 'pin',
        run: () => trying(() => chats.change(chat.id, {pinned: !chat.pinned})),
      },
      {text: t('chat.move'), icon: 'folder', run: () => this.#move(chat)},
      {text: t('chat.copy'), icon: 'copy', run: () => trying(() => chats.duplicate(chat.id))},
      {text: t('export'), icon: 'download', run: () => exportDialog(chat)},
      {text: t('delete'), icon: 'trash', danger: true, run: () => chats.delete(chat)},
    ];
  }

  /** @param {any} chat */
  async #rename(chat) {
    const title = await promptDialog({title: t('rename'), label: t('chat.title'), value: chat.title});
    if (title) {
      await trying(() => chats.change(chat.id, {title}));
    }
  }

  /** @param {any} chat */
  async #move(chat) {
    const folder = await openDialog({
      title: t('chat.move'),
      body: (close) => html`<ul class="plain choices">
        ${[{id: null, name: t('chat.noFolder')}, ...chats.folders].map(
          (f) => html`<li>
            <button class="menu__item" aria-pressed=${f.id === (chat.folder ?? null)} @click=${() => close(f)}>
              ${icon(f.id === (chat.folder ?? null) ? 'check' : 'folder')}<span>${f.name}</span>
            </button>
          </li>`,
        )}
        <li><button class="menu__item" @click=${() => close('new')}>${icon('plus')}<span>${t('chat.newFolder')}</span></button></li>
      </ul>`,
    });
    if (folder) {
      const wanted = folder === 'new' ? await this.#newFolder() : folder;
      if (wanted) {
        await trying(() => chats.change(chat.id, {folder: wanted.id}));
      }
    }
  }

  async #newFolder() {
    const name = await promptDialog({title: t('chat.newFolder'), label: t('name')});
    return name ? trying(() => chats.addFolder(name)) : null;
  }

  /** @param {{id: string, name: string}} folder */
  #folderItems(folder) {
    return [
      {
        text: t('rename'),
        icon: 'edit',
        run: async () => {
          const name = await promptDialog({title: t('rename'), label: t('name'), value: folder.name});
          if (name) {
            await trying(() => chats.renameFolder(folder.id, name));
          }
        },
      },
      {
        text: t('delete'),
        icon: 'trash',
        danger: true,
        run: async () => {
          const text = t('chat.deleteFolder', {name: folder.name});
          if (await confirmDialog({title: t('delete'), text, action: t('delete'), danger: true})) {
            await trying(() => chats.removeFolder(folder.id));
          }
        },
      },
    ];
  }

  #menu() {
    return [
      {text: t('chat.newFolder'), icon: 'folder', run: () => this.#newFolder()},
      {text: t('import'), icon: 'upload', run: () => importDialog()},
      {text: t('export.all'), icon: 'download', run: () => exportDialog()},
    ];
  }

  render() {
    return html`
      <div class="list__head">
        <button class="button button--main grow" data-test="new-chat" @click=${() => this.tell('new')}>${icon('plus')}${t('chat.new')}</button>
        <sz-menu .label=${t('chat.listMenu')} .items=${() => this.#menu()}></sz-menu>
      </div>
      <div class="list__search" role="search">
        ${icon('search')}
        <input
          type="search"
          aria-label=${t('chat.search')}
          placeholder=${t('chat.search')}
          .value=${this.query}
          @input=${(e) => this.#search(e.target.value)}
        />
      </div>
      ${this.hits ? this.#results() : this.#list()}
    `;
  }

  #list() {
    return html`<div class="list__body">
      ${this.#groups().map(
        ({key, name, list, folder}) => html`<section class="list__group" aria-label=${name}>
          <div class="list__name">
            <h2>${when(folder, () => icon('folder'))}${name}</h2>
            ${when(
              folder,
              () => html`<sz-menu .label=${t('chat.folderMenu', {name})} .items=${() => this.#folderItems(folder)}></sz-menu>`,
            )}
          </div>
          <ul class="plain" data-group=${key}>
            ${list.map((chat) => this.#chat(chat))}
          </ul>
        </section>`,
      )}
      ${when(chats.loaded && chats.list.length === 0, () => html`<p class="soft small list__none">${t('chat.none')}</p>`)}
      ${when(
        chats.next,
        () => html`<button class="button button--small" @click=${() => trying(() => chats.loadMore())}>${t('more')}</button>`,
      )}
    </div>`;
  }

  /** @param {any} chat */
  #chat(chat) {
    const title = chat.title || t('chat.untitled');
    const writing = chats.writing.has(chat.id);
    return html`<li class="list__chat ${chat.id === chats.open?.id ? 'list__chat--open' : ''}">
      <a href=${place('chat', chat.id)} aria-current=${chat.id === chats.open?.id ? 'true' : 'false'} dir="auto">${title}</a>
      ${when(writing, () => html`<span class="pulse" role="img" aria-label=${t('chat.writing')}></span>`)}
      <sz-menu .label=${t('chat.menu', {title})} .items=${() => this.#items(chat)}></sz-menu>
    </li>`;
  }

  #results() {
    return html`<div class="list__body">
      <p class="soft small list__none" role="status">${plural('chat.hits', this.hits.length)}</p>
      <ul class="plain">
        ${this.hits.map(
          (hit) => html`<li class="hit">
            <a href=${place('chat', hit.chat, ...(hit.message ? [hit.message] : []))}>
              <strong dir="auto">${hit.title || t('chat.untitled')}</strong>
              <span class="soft small" dir="auto">${marks(hit.snippet ?? '', hit.marks ?? [])}</span>
            </a>
          </li>`,
        )}
      </ul>
    </div>`;
  }
}

/**
 * A snippet with the words that were found.
 * @param {string} snippet @param {number[]} places from, to, from, to, …
 */
function marks(snippet, places) {
  const parts = [];
  let at = 0;
  for (let i = 0; i + 1 < places.length; i += 2) {
    parts.push(snippet.slice(at, places[i]), html`<mark>${snippet.slice(places[i], places[i + 1])}</mark>`);
    at = places[i + 1];
  }
  return [...parts, snippet.slice(at)];
}
customElements.define('sz-chat-list', ChatList);
