import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {go, place, router} from 'app/core/router.js';
import {newDialog} from 'app/data/dialogs.js';
import {progressBar} from 'app/parts/progress.js';
import {trying} from 'app/parts/toast.js';

import 'app/data/curation.js';

const POLL_MILLIS = 1500;
const SHOWN = ['queued', 'running', 'paused', 'interrupted', 'failed', 'cancelled'];

/** The data: curations, each a recipe with what became of the rows. */
class DataPage extends SnoozyElement {
  static properties = {curations: {state: true}, filters: {state: true}, jobs: {state: true}, loaded: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.curations = [];
    /** The filters there are, with the usual settings. @type {any[]} */
    this.filters = [];
    /** The last job of each curation that is not done. @type {Map<string, any>} */
    this.jobs = new Map();
    this.loaded = false;
    this.uses(router);
    this.poll = new Poll(this, () => this.#look(), POLL_MILLIS);
  }

  async #look() {
    const newest = new Map();
    for (const job of (await get('jobs')).jobs.filter((one) => one.kind === 'curate')) {
      const name = job.request?.curation;
      if (!newest.has(name)) {
        newest.set(name, job);
      }
    }
    const done = [...this.jobs.keys()].some((name) => newest.get(name)?.state === 'done');
    this.jobs = new Map([...newest].filter(([, job]) => SHOWN.includes(job.state)));
    if (done || !this.loaded) {
      await this.#load();
      this.querySelector('sz-curation')?.load();
    }
  }

  async #load() {
    const {curations, filters} = await get('data');
    this.curations = curations;
    this.filters = filters;
    this.loaded = true;
  }

  async #new() {
    const made = await newDialog();
    if (made) {
      await trying(() => this.#load());
      go('data', made.name);
    }
  }

  async #changed() {
    await trying(() => this.#load());
    await trying(() => this.#look());
  }

  render() {
    const name = router.page === 'data' ? router.parts[0] : undefined;
    const open = this.curations.find((one) => one.name === name);
    return html`<div class="page">
      <header class="page__head">
        <h1>${t('nav.data')}</h1>
        <p class="soft small">${t('data.lead')}</p>
      </header>
      <div class="page__body" @changed=${() => this.#changed()}>
        ${open ? html`<sz-curation .name=${name} .filters=${this.filters} .job=${this.jobs.get(name) ?? null}></sz-curation>` : nothing}
        <div class="row row--between">
          <h2>${t('data.curations')}</h2>
          <button class="button" data-test="new-curation" @click=${() => this.#new()}>${icon('plus')}${t('data.new')}</button>
        </div>
        ${when(this.loaded && this.curations.length === 0, () => html`<p class="soft" data-test="no-curations">${t('data.none')}</p>`)}
        <ul class="plain cards">
          ${this.curations.filter((one) => one !== open).map((one) => this.#card(one))}
        </ul>
      </div>
    </div>`;
  }

  /** @param {any} one */
  #card(one) {
    const job = this.jobs.get(one.name);
    return html`<li class="card" data-test="curation-card">
      <a class="card__name" href=${place('data', one.name)}>${one.name}</a>
      <p class="soft small">
        ${one.read === undefined ? t('data.notRun') : t('data.summary', {read: number(one.read), kept: number(one.kept), removed: number(one.removed)})}
      </p>
      ${when(job, () => progressBar(job.progress ?? {}, job.title))}
    </li>`;
  }
}
customElements.define('sz-data-page', DataPage);
