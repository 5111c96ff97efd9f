import {SnoozyElement, html} from 'app/core/element.js';
import {ApiError, apiKey} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {PAGES, place, router} from 'app/core/router.js';
import {settings} from 'app/core/settings.js';
import {promptDialog} from 'app/parts/dialog.js';
import {listenToKeys, showHelp} from 'app/parts/keys.js';
import {showProblem} from 'app/parts/toast.js';
import {welcome} from 'app/parts/welcome.js';

import 'app/chat/page.js';
import 'app/parts/toast.js';

/** Each page comes when it is first asked for; the chat comes with the shell. */
const LOAD = {
  chat: async () => {},
  documents: () => import('app/documents/page.js'),
  lab: () => import('app/lab/page.js'),
  models: () => import('app/models/page.js'),
  tune: () => import('app/tune/page.js'),
  data: () => import('app/data/page.js'),
  evaluate: () => import('app/evaluate/page.js'),
  cook: () => import('app/cook/page.js'),
  jobs: () => import('app/jobs/page.js'),
  server: () => import('app/server/page.js'),
  settings: () => import('app/settings/page.js'),
};

const DRAW = {
  chat: () => html`<sz-chat-page></sz-chat-page>`,
  documents: () => html`<sz-documents-page></sz-documents-page>`,
  lab: () => html`<sz-lab-page></sz-lab-page>`,
  models: () => html`<sz-models-page></sz-models-page>`,
  tune: () => html`<sz-tune-page></sz-tune-page>`,
  data: () => html`<sz-data-page></sz-data-page>`,
  evaluate: () => html`<sz-evaluate-page></sz-evaluate-page>`,
  cook: () => html`<sz-cook-page></sz-cook-page>`,
  jobs: () => html`<sz-jobs-page></sz-jobs-page>`,
  server: () => html`<sz-server-page></sz-server-page>`,
  settings: () => html`<sz-settings-page></sz-settings-page>`,
};

/** The frame of the page: the navigation, and the page that is open. */
class Shell extends SnoozyElement {
  static properties = {ready: {state: true}, shown: {state: true}};

  constructor() {
    super();
    this.ready = false;
    this.shown = 'chat';
    this.uses(settings);
    router.addEventListener('change', () => this.#show());
  }

  /** Begins as soon as there are words. @param {Promise<void>} words */
  async begin(words) {
    await words;
    this.querySelector('.boot')?.remove();
    this.ready = true;
    listenToKeys();
    await this.#show();
    await this.#loadSettings();
  }

  async #loadSettings() {
    try {
      await settings.load();
      await welcome();
    } catch (e) {
      if (e instanceof ApiError && e.status === 401) {
        const key = await promptDialog({title: t('key.title'), label: t('key.label')});
        if (key) {
          apiKey.set(key);
          location.reload();
        }
        return;
      }
      showProblem(e);
    }
  }

  async #show() {
    const wanted = router.page;
    await LOAD[wanted]().catch(showProblem);
    if (wanted === router.page) {
      this.shown = wanted;
      document.title = `${t('nav.' + wanted)} – Snoozy`;
    }
  }

  render() {
    if (!this.ready) {
      return html``;
    }
    return html`
      <a class="skip" href="#main" @click=${(e) => {
        e.preventDefault();
        this.querySelector('main').focus();
      }}>${t('skip')}</a>
      <nav class="rail" aria-label=${t('nav.label')}>
        <a class="rail__mark" href=${place('chat')} aria-label="Snoozy"
          ><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M20 5a11 11 0 1 0 7 15A9.500 9.500 0 0 1 20 5z" /></svg></a>
        ${PAGES.map(
          (page) => html`<a
            class="rail__item"
            href=${place(page)}
            aria-current=${this.shown === page ? 'page' : 'false'}
            data-test="nav-${page}"
            >${icon(page)}<span>${t('nav.' + page)}</span></a
          >`,
        )}
        <button class="rail__item rail__help" @click=${showHelp}>${icon('keyboard')}<span>${t('keys.short')}</span></button>
      </nav>
      <main id="main" tabindex="-1">${DRAW[this.shown]()}</main>
      <sz-toasts></sz-toasts>
    `;
  }
}
customElements.define('sz-shell', Shell);
