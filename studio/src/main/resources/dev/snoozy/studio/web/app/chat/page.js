import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {go, router} from 'app/core/router.js';
import {chats} from 'app/chat/chats.js';
import {trying} from 'app/parts/toast.js';

import 'app/chat/composer.js';
import 'app/chat/context.js';
import 'app/chat/list.js';
import 'app/chat/messages.js';
import 'app/chat/sampling.js';

const WIDE = matchMedia('(min-width: 1200px)');

/** The chat: the list, the conversation, and how answers are generated. */
class ChatPage extends SnoozyElement {
  static properties = {drawer: {state: true}, panel: {state: true}};

  constructor() {
    super();
    this.drawer = false;
    this.panel = false;
    /** The chat that is open. */
    this.shown = null;
    this.uses(chats);
    this.uses(router);
    this.onShortcut = (e) => this.#shortcut(e.detail);
    this.onRoute = () => this.#follow();
  }

  willUpdate() {
    if (this.shown !== chats.open) {
      if (this.shown) {
        this.forgets(this.shown);
      }
      this.shown = chats.open;
      if (this.shown) {
        this.uses(this.shown);
      }
    }
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('shortcut', this.onShortcut);
    router.addEventListener('change', this.onRoute);
    trying(async () => {
      if (!chats.loaded) {
        await chats.load();
      }
      await this.#follow();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('shortcut', this.onShortcut);
    router.removeEventListener('change', this.onRoute);
  }

  async #follow() {
    if (router.page === 'chat') {
      this.drawer = false;
      await chats.show(router.parts[0]);
    }
  }

  /** @param {string} name */
  #shortcut(name) {
    const at = chats.list.findIndex((chat) => chat.id === chats.open?.id);
    if (name === 'new') {
      this.#begin();
    } else if (name === 'search') {
      this.drawer = true;
      this.updateComplete.then(() => this.querySelector('sz-chat-list input').focus());
    } else if (name === 'compose') {
      this.querySelector('sz-composer textarea')?.focus();
    } else if (name === 'sampling') {
      this.panel = !this.panel;
    } else if (name === 'stop') {
      this.drawer = false;
      chats.open?.stop();
    } else if (name === 'previous' || name === 'next') {
      const to = chats.list[name === 'next' ? at + 1 : Math.max(0, at - 1)];
      if (to) {
        go('chat', to.id);
      }
    }
  }

  #begin() {
    go('chat');
    this.drawer = false;
    this.updateComplete.then(() => this.querySelector('sz-composer textarea')?.focus());
  }

  render() {
    const open = chats.open;
    return html`<div class="chat ${this.drawer ? 'chat--drawer' : ''} ${this.panel ? 'chat--panel' : ''}">
      <aside class="chat__list" aria-label=${t('chat.list')}>
        <sz-chat-list @new=${() => this.#begin()} @close=${() => (this.drawer = false)}></sz-chat-list>
      </aside>
      <section class="chat__main" aria-label=${t('chat.conversation')}>
        <header class="chat__head">
          <button
            class="icon-button only-narrow"
            aria-label=${t('chat.list')}
            aria-expanded=${this.drawer}
            @click=${() => (this.drawer = !this.drawer)}
          >
            ${icon('list')}
          </button>
          <h1 class="chat__title">${open ? open.chat.title || t('chat.untitled') : t('chat.new')}</h1>
          <sz-model-choice></sz-model-choice>
          ${when(open, () => html`<sz-context .chat=${open}></sz-context>`)}
          <button
            class="icon-button"
            aria-label=${t('sampling.title')}
            title=${t('sampling.title')}
            aria-pressed=${this.panel}
            data-test="sampling"
            @click=${() => (this.panel = !this.panel)}
          >
            ${icon('sliders')}
          </button>
        </header>
        ${open
          ? html`<sz-messages .chat=${open}></sz-messages>`
          : html`<div class="chat__empty">
              <h2>${t('chat.empty.title')}</h2>
              <p class="soft">${t('chat.empty.text')}</p>
            </div>`}
        <sz-composer .chat=${open}></sz-composer>
      </section>
      ${when(
        this.panel,
        () => html`<aside class="chat__panel" aria-label=${t('sampling.title')}>
          <sz-sampling .chat=${open} @close=${() => (this.panel = false)}></sz-sampling>
        </aside>`,
      )}
      ${when(
        this.drawer && !WIDE.matches,
        () => html`<div class="chat__veil" @click=${() => (this.drawer = false)}></div>`,
      )}
    </div>`;
  }
}
customElements.define('sz-chat-page', ChatPage);
