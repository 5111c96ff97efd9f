import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {router} from 'app/core/router.js';
import {collections} from 'app/documents/collections.js';
import {placeDialog} from 'app/documents/dialogs.js';
import {trying} from 'app/parts/toast.js';

import 'app/documents/collection.js';
import 'app/documents/find.js';
import 'app/documents/roots.js';

const POLL_MILLIS = 1500;
const SHOWN = ['queued', 'running', 'paused', 'interrupted', 'failed'];
const ACTIVE = ['queued', 'running'];

/** The documents: collections over folders, search in them, questions to them. */
class DocumentsPage extends SnoozyElement {
  static properties = {jobs: {state: true}, models: {state: true}};

  constructor() {
    super();
    /** The last job of each collection that is not done. @type {Map<string, any>} */
    this.jobs = new Map();
    /** @type {any[]} */
    this.models = [];
    this.uses(collections);
    this.uses(router);
    this.active = true;
    this.poll = new Poll(this, () => this.#look(), POLL_MILLIS);
  }

  connectedCallback() {
    super.connectedCallback();
    trying(async () => {
      this.models = (await get('models')).models;
    });
  }

  /** Collections change only while they are read. */
  async #look() {
    const newest = new Map();
    for (const job of (await get('jobs')).jobs.filter((one) => one.kind === 'documents')) {
      const name = job.request?.collection;
      if (!newest.has(name)) {
        newest.set(name, job);
      }
    }
    const jobs = new Map([...newest].filter(([, job]) => SHOWN.includes(job.state)));
    const active = [...jobs.values()].some((job) => ACTIVE.includes(job.state));
    this.jobs = jobs;
    if (active || this.active || !collections.loaded) {
      await collections.load();
    }
    this.active = active;
  }

  async #changed() {
    this.active = true;
    await trying(() => this.#look());
  }

  async #new() {
    if (await placeDialog(this.models)) {
      await this.#changed();
    }
  }

  render() {
    const [part, name] = router.page === 'documents' ? router.parts : [];
    const open = part === 'collection' ? collections.find(name) : undefined;
    return html`<div class="page">
      <header class="page__head">
        <h1>${t('nav.documents')}</h1>
        <p class="soft small">${t('documents.private')}</p>
      </header>
      <div class="page__body" @changed=${() => this.#changed()}>
        ${when(collections.list.length > 0, () => html`<sz-find></sz-find>`)}
        ${open ? this.#collection(open, true) : nothing}
        <div class="row row--between">
          <h2>${t('documents.collections')}</h2>
          <button class="button" data-test="new-collection" @click=${() => this.#new()}>${icon('plus')}${t('documents.new')}</button>
        </div>
        ${when(
          collections.loaded && collections.list.length === 0,
          () => html`<p class="soft" data-test="no-collections">${t('documents.none')}</p>`,
        )}
        <div class="cards">
          ${collections.list.filter((one) => one !== open).map((one) => this.#collection(one, false))}
        </div>
        <sz-document-roots></sz-document-roots>
      </div>
    </div>`;
  }

  /** @param {import('./collections.js').Collection} one @param {boolean} open */
  #collection(one, open) {
    return html`<sz-collection .collection=${one} .job=${this.jobs.get(one.name) ?? null} .models=${this.models} ?open=${open}></sz-collection>`;
  }
}
customElements.define('sz-documents-page', DocumentsPage);
