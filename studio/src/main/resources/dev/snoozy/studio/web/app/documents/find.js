import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {post} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {plural, t} from 'app/core/i18n.js';
import {go, place, router} from 'app/core/router.js';
import {OpenChat} from 'app/chat/open.js';
import {chats} from 'app/chat/chats.js';
import {collections} from 'app/documents/collections.js';
import {fileName, marked, pathLine, placeLine} from 'app/documents/passage.js';
import {openAt} from 'app/documents/reader.js';
import {modelSelect} from 'app/parts/fields.js';
import {trying} from 'app/parts/toast.js';

import 'app/chat/message.js';

const METHODS = ['hybrid', 'words', 'vectors'];

/** Search in documents, and questions to them. An answer is a chat, so that it is kept. */
class Find extends SnoozyElement {
  static properties = {
    hits: {state: true},
    busy: {state: true},
    left: {state: true},
    method: {state: true},
    model: {state: true},
    asked: {state: true},
  };

  constructor() {
    super();
    /** @type {any[] | null} */
    this.hits = null;
    this.busy = false;
    /** Collections that are not searched. @type {Set<string>} */
    this.left = new Set();
    this.method = 'hybrid';
    this.model = '';
    /** @type {OpenChat | null} */
    this.asked = null;
    this.uses(collections);
    this.uses(chats);
    this.onRoute = () => this.#follow();
  }

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener('change', this.onRoute);
    trying(() => (chats.loaded ? Promise.resolve() : chats.load()));
    this.#follow();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    router.removeEventListener('change', this.onRoute);
    this.#show(null);
  }

  get #chosen() {
    return collections.list.map((one) => one.name).filter((name) => !this.left.has(name));
  }

  get #vectors() {
    return collections.list.some((one) => one.embedder && !this.left.has(one.name));
  }

  /** The answer that the address names is shown again. */
  #follow() {
    const [part, id] = router.page === 'documents' ? router.parts : [];
    const wanted = part === 'answer' ? id : undefined;
    if (wanted !== this.asked?.id) {
      this.#show(wanted ? new OpenChat(wanted, {writes: () => {}}) : null);
      trying(async () => this.asked?.load());
    }
  }

  /** @param {OpenChat | null} chat */
  #show(chat) {
    if (this.asked) {
      this.forgets(this.asked);
      this.asked.close();
    }
    this.asked = chat;
    if (chat) {
      this.uses(chat);
    }
  }

  /** @param {SubmitEvent} e */
  async #submit(e) {
    e.preventDefault();
    const form = /** @type {HTMLFormElement} */ (e.target);
    const query = form.elements.query.value.trim();
    if (!query || this.busy) {
      return;
    }
    this.busy = true;
    await trying(() => (e.submitter?.value === 'ask' ? this.#ask(query) : this.#search(query)));
    this.busy = false;
  }

  /** @param {string} query */
  async #search(query) {
    const body = {query, collections: this.#chosen, method: this.#vectors ? this.method : 'words'};
    this.hits = (await post('documents/search', body)).passages;
  }

  /** @param {string} question */
  async #ask(question) {
    const options = {documents: this.#chosen};
    const {id} = await post('chats', {title: question.slice(0, 80), model: this.model, options});
    const chat = new OpenChat(id, {writes: () => {}});
    await chat.load();
    this.hits = null;
    this.#show(chat);
    go('documents', 'answer', id);
    await chat.say(question, []);
  }

  /** @param {string} name @param {boolean} wanted */
  #choose(name, wanted) {
    this.left = new Set(wanted ? [...this.left].filter((one) => one !== name) : [...this.left, name]);
  }

  render() {
    const none = this.#chosen.length === 0;
    return html`<section class="block" aria-label=${t('documents.find')}>
      <form class="find" @submit=${(e) => this.#submit(e)}>
        <input name="query" data-test="query" aria-label=${t('documents.query')} placeholder=${t('documents.query')} autocomplete="off" dir="auto" maxlength="2000" required />
        <button class="button" type="submit" name="verb" value="search" data-test="search-documents" ?disabled=${none || this.busy}>${icon('search')}${t('documents.search')}</button>
        <button class="button button--main" type="submit" name="verb" value="ask" data-test="ask-documents" ?disabled=${none || this.busy}>${icon('chat')}${t('documents.ask')}</button>
      </form>
      <div class="row find__how">
        <fieldset class="choice">
          <legend class="only-spoken">${t('documents.collections')}</legend>
          ${collections.list.map(
            (one) => html`<label>
              <input type="checkbox" .checked=${!this.left.has(one.name)} @change=${(e) => this.#choose(one.name, e.target.checked)} /><span dir="auto">${one.name}</span>
            </label>`,
          )}
        </fieldset>
        <span class="grow"></span>
        ${when(
          this.#vectors,
          () => html`<label class="row small"><span class="soft">${t('documents.method')}</span>
            <select class="field--short" data-test="method" @change=${(e) => (this.method = e.target.value)}>
              ${METHODS.map((name) => html`<option value=${name} ?selected=${name === this.method}>${t('documents.method.' + name)}</option>`)}
            </select></label>`,
        )}
        <span class="find__model">${modelSelect(chats.models, this.model, (name) => (this.model = name))}</span>
      </div>
      ${when(!none && !this.#vectors, () => html`<p class="soft small" data-test="words-alone">${t('documents.wordsAlone')}</p>`)}
      ${this.asked ? this.#answer() : nothing} ${this.hits ? this.#hits() : nothing}
    </section>`;
  }

  #answer() {
    const messages = this.asked.path;
    const last = messages.at(-1);
    return html`<div class="find__answer" data-test="answer">
      <div class="row">
        <h2 class="grow" dir="auto">${messages.findLast((one) => one.role === 'user')?.content ?? ''}</h2>
        <a class="button button--small" href=${place('chat', this.asked.id)} data-test="to-chat">${icon('chat')}${t('documents.toChat')}</a>
        <a class="icon-button" href=${place('documents')} aria-label=${t('close')}>${icon('close')}</a>
      </div>
      ${this.asked.problem ? html`<p class="notice notice--bad">${this.asked.problem.message}</p>` : nothing}
      ${last?.role === 'assistant' ? html`<sz-message .chat=${this.asked} .message=${last}></sz-message>` : nothing}
    </div>`;
  }

  #hits() {
    return html`<div class="row"><h2 class="grow"><span role="status">${plural('documents.found', this.hits.length)}</span></h2>
        <button class="icon-button" aria-label=${t('close')} @click=${() => (this.hits = null)}>${icon('close')}</button></div>
      ${when(this.hits.length === 0, () => html`<p class="soft">${t('documents.nothing')}</p>`)}
      <ol class="plain passages">
        ${this.hits.map(
          (hit) => html`<li class="passage" data-test="hit">
            <div class="row">
              <span class="grow card__name">${fileName(hit.file)}</span>
              <button class="button button--small" data-test="open-hit" @click=${() => openAt({...hit, passage: hit.text, collections: this.#chosen})}>
                ${icon('eye')}${hit.page > 0 ? t('documents.openPage') : t('documents.open')}
              </button>
            </div>
            <p class="small">${placeLine(hit)}</p>
            ${pathLine(hit.file)}
            <div class="passage__text" dir="auto">${marked(hit.text, hit.highlights)}</div>
          </li>`,
        )}
      </ol>`;
  }
}
customElements.define('sz-find', Find);
