import {SnoozyElement, html, when} from 'app/core/element.js';
import {get, post} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {bytes, number, t} from 'app/core/i18n.js';
import {fitLine} from 'app/models/page.js';
import {notices, trying} from 'app/parts/toast.js';

/**
 * Models that can be had: by their reference; and where the server says that it can, a catalogue and
 * a search at Hugging Face. The network is asked only when the person asks.
 */
class Hub extends SnoozyElement {
  static properties = {
    searches: {attribute: false},
    catalogue: {state: true},
    found: {state: true},
    repository: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.searches = false;
    /** @type {any[]} */
    this.catalogue = [];
    /** @type {any[] | null} */
    this.found = null;
    /** @type {{id: string, files: any[]} | null} */
    this.repository = null;
    this.busy = false;
  }

  async connectedCallback() {
    super.connectedCallback();
    if (this.searches) {
      const answer = await trying(() => get('catalogue'));
      this.catalogue = answer?.models ?? [];
    }
  }

  /** @param {string} query */
  async #search(query) {
    this.busy = true;
    await trying(async () => {
      this.repository = null;
      this.found = (await get(`hub/search?q=${encodeURIComponent(query)}`)).repositories;
    });
    this.busy = false;
  }

  /** @param {string} id */
  async #open(id) {
    await trying(async () => {
      this.repository = {id, files: (await get(`hub/repository?id=${encodeURIComponent(id)}`)).files};
    });
  }

  /** @param {string} reference */
  async #pull(reference) {
    await trying(async () => {
      await post('jobs', {kind: 'pull', reference});
      notices.show({text: t('jobs.begun')});
      this.tell('pulled');
    });
  }

  render() {
    return html`<section class="block">
      <h2>${t('hub.title')}</h2>
      <form
        class="row row--fields"
        @submit=${(e) => {
          e.preventDefault();
          this.#pull(e.target.elements.reference.value.trim());
        }}
      >
        <label class="field grow"
          ><span>${t('hub.reference')}</span>
          <input name="reference" required autocomplete="off" spellcheck="false" data-test="reference" placeholder="user/repository:Q4_K_M" /></label
        >
        <button class="button" type="submit" data-test="pull">${icon('download')}${t('hub.pull')}</button>
      </form>
      <p class="soft small">${t('hub.note')}</p>
      ${when(this.searches, () => this.#offers())}
    </section>`;
  }

  #offers() {
    return html`
      <ul class="plain cards">
        ${this.catalogue.map(
          (m) => html`<li class="card">
            <h3 class="card__name">${m.title ?? m.name}</h3>
            <p class="soft small">${[m.quant, m.bytes && bytes(m.bytes), m.license].filter(Boolean).join(' · ')}</p>
            ${when(m.description, () => html`<p class="small">${m.description}</p>`)} ${fitLine(m.fit)}
            <div class="row">
              <button class="button button--small" ?disabled=${m.here} @click=${() => this.#pull(m.reference ?? m.name)}>
                ${icon('download')}${m.here ? t('hub.here') : t('hub.pull')}
              </button>
            </div>
          </li>`,
        )}
      </ul>
      <form
        class="row row--fields"
        role="search"
        @submit=${(e) => {
          e.preventDefault();
          this.#search(e.target.elements.query.value);
        }}
      >
        <label class="field grow"><span>${t('hub.search')}</span><input name="query" type="search" required /></label>
        <button class="button" type="submit" ?disabled=${this.busy}>${icon('search')}${t('hub.go')}</button>
      </form>
      ${when(this.found && !this.repository, () => this.#results())} ${when(this.repository, () => this.#files())}
    `;
  }

  #results() {
    return html`<ul class="plain list-plain">
      ${this.found.map(
        (r) => html`<li>
          <button class="menu__item" @click=${() => this.#open(r.id)}>
            <span class="grow">${r.id}</span><span class="soft small">${icon('download')}${number(r.downloads ?? 0)}</span>
          </button>
        </li>`,
      )}
    </ul>`;
  }

  #files() {
    return html`<h3>${this.repository.id}</h3>
      <button class="button button--small" @click=${() => (this.repository = null)}>${icon('left')}${t('hub.back')}</button>
      <ul class="plain cards">
        ${this.repository.files.map(
          (f) => html`<li class="card">
            <h4 class="card__name">${f.quant ?? f.name}</h4>
            <p class="soft small">${f.name} · ${bytes(f.bytes ?? 0)}</p>
            ${fitLine(f.fit)}
            <button class="button button--small" @click=${() => this.#pull(`${this.repository.id}:${f.name}`)}>
              ${icon('download')}${t('hub.pull')}
            </button>
          </li>`,
        )}
      </ul>`;
  }
}
customElements.define('sz-hub', Hub);
