import {SnoozyElement, html, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {bytes, number, plural, t} from 'app/core/i18n.js';
import {marked, pull} from 'app/models/begin.js';
import {fitLine} from 'app/models/fit.js';
import {notices, trying} from 'app/parts/toast.js';

import 'app/models/catalogue.js';

/**
 * Models that can be had: by their reference; and where the server says that it can, by a search at
 * Hugging Face, and from the catalogue. The network is asked only when the person asks.
 */
class Hub extends SnoozyElement {
  static properties = {
    searches: {attribute: false},
    found: {state: true},
    repository: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.searches = false;
    /** @type {any[] | null} */
    this.found = null;
    /** @type {any} */
    this.repository = null;
    this.busy = false;
  }

  /** Asks the network, for one thing at a time. @param {() => Promise<void>} work */
  async #asking(work) {
    this.busy = true;
    notices.speak(t('hub.searching'));
    await trying(work);
    this.busy = false;
  }

  /** @param {string} query */
  #search(query) {
    return this.#asking(async () => {
      this.repository = null;
      this.found = (await get(`hub/search?q=${encodeURIComponent(query)}`)).repositories;
      notices.speak(plural('hub.found', this.found.length));
    });
  }

  /** @param {string} name */
  #open(name) {
    return this.#asking(async () => {
      this.repository = await get(`hub/repository?name=${encodeURIComponent(name)}`);
      await this.updateComplete;
      this.querySelector('.repository h3')?.focus();
    });
  }

  /** @param {string} reference */
  async #pull(reference) {
    const job = await pull(reference);
    if (job) {
      this.tell('pulled', job.id);
    }
  }

  /** Something is here now. @param {string} reference */
  mark(reference) {
    if (this.repository) {
      this.repository = {...this.repository, offers: marked(this.repository.offers, reference)};
    }
    this.querySelector('sz-catalogue')?.mark(reference);
  }

  render() {
    return html`<section class="block" aria-labelledby="hub-title">
        <h2 id="hub-title">${t('hub.title')}</h2>
        ${when(this.searches, () => this.#searching())}
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
      </section>
      ${when(this.searches, () => html`<sz-catalogue></sz-catalogue>`)}`;
  }

  #searching() {
    return html`<form
        class="row row--fields"
        role="search"
        @submit=${(e) => {
          e.preventDefault();
          this.#search(e.target.elements.query.value);
        }}
      >
        <label class="field grow"
          ><span>${t('hub.search')}</span><input name="query" type="search" required maxlength="200" autocomplete="off" data-test="hub-query"
        /></label>
        <button class="button button--main" type="submit" ?disabled=${this.busy} data-test="hub-search">${icon('search')}${t('hub.go')}</button>
      </form>
      <div aria-busy=${this.busy}>
        ${when(this.busy, () => html`<p class="soft small">${t('hub.searching')}</p>`)}
        ${when(this.found && !this.repository, () => this.#results())} ${when(this.repository, () => this.#offers())}
      </div>`;
  }

  #results() {
    if (this.found.length === 0) {
      return html`<p class="soft">${t('hub.nothing')}</p>`;
    }
    return html`<ul class="plain list-plain" aria-label=${t('hub.results')}>
      ${this.found.map(
        (r) => html`<li>
          <button class="menu__item found" ?disabled=${this.busy} data-test="found" @click=${() => this.#open(r.name)}>
            <span class="grow found__name">${r.name}</span>
            ${when(r.gated, () => html`<span class="badge badge--warn">${t('hub.gated')}</span>`)}
            <span class="soft small found__facts"
              >${[r.license, t('hub.downloads', {count: number(r.downloads ?? 0)})].filter(Boolean).join(' · ')}</span
            >
          </button>
        </li>`,
      )}
    </ul>`;
  }

  #offers() {
    const {name, license, gated, architecture, supported, note, offers} = this.repository;
    return html`<div class="repository">
      <div class="row">
        <button class="icon-button" aria-label=${t('hub.back')} title=${t('hub.back')} @click=${() => (this.repository = null)}>${icon('left')}</button>
        <h3 class="grow card__name" tabindex="-1">${name}</h3>
      </div>
      <p class="soft small">${[license && t('hub.license', {name: license}), architecture].filter(Boolean).join(' · ')}</p>
      ${when(gated, () => html`<p class="notice small">${t('hub.gatedNote')}</p>`)}
      ${when(supported === false, () => html`<p class="notice notice--bad small">${t('hub.unsupported', {name: architecture})}</p>`)}
      ${when(note, () => html`<p class="notice small">${note}</p>`)}
      ${when(offers.length === 0, () => html`<p class="soft">${t('hub.nothing')}</p>`)}
      <ul class="plain offers">
        ${offers.map((offer) => this.#offer(offer))}
      </ul>
    </div>`;
  }

  /** @param {any} offer */
  #offer(offer) {
    const facts = [bytes(offer.bytes ?? 0), offer.files.length > 1 && plural('hub.files', offer.files.length)];
    return html`<li class="offer" data-test="offer">
      <span class="offer__name">${offer.quantization || offer.files[0].name}</span>
      <span class="small soft">${facts.filter(Boolean).join(' · ')}</span>
      <div class="offer__fit">
        ${fitLine(offer.fit)} ${when(offer.fit?.basis, () => html`<span class="small soft">${t('hub.basis.' + offer.fit.basis)}</span>`)}
      </div>
      <button
        class="button button--small"
        ?disabled=${offer.here}
        aria-label=${`${offer.here ? t('hub.here') : t('hub.pull')}: ${offer.reference}`}
        data-test="offer-pull"
        @click=${() => this.#pull(offer.reference)}
      >
        ${icon(offer.here ? 'check' : 'download')}${offer.here ? t('hub.here') : t('hub.pull')}
      </button>
    </li>`;
  }
}
customElements.define('sz-hub', Hub);
