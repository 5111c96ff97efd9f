import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {events, get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {moment, number, plural, t} from 'app/core/i18n.js';
import {place, router} from 'app/core/router.js';
import {Poll} from 'app/core/poll.js';
import {ACTIVE, jobButtons, stateBadge} from 'app/jobs/actions.js';
import {progressBar} from 'app/parts/progress.js';
import {trying} from 'app/parts/toast.js';

import 'app/jobs/report.js';

const POLL_MILLIS = 2000;
const SHOWN_LINES = 200;

/** The jobs: everything that takes long, with how far it is. They go on without the page. */
class JobsPage extends SnoozyElement {
  static properties = {jobs: {state: true}, open: {state: true}, loaded: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.jobs = [];
    /** @type {any} */
    this.open = null;
    this.loaded = false;
    this.uses(router);
    this.poll = new Poll(this, () => this.#load(), POLL_MILLIS);
    this.onRoute = () => this.#follow();
  }

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener('change', this.onRoute);
    this.#follow();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    router.removeEventListener('change', this.onRoute);
    this.watching?.abort();
  }

  async #load() {
    const {jobs} = await get('jobs');
    this.jobs = jobs;
    this.loaded = true;
  }

  async #follow() {
    const id = router.page === 'jobs' ? router.parts[0] : undefined;
    if ((this.open?.id ?? '') === (id ?? '')) {
      return;
    }
    this.watching?.abort();
    this.open = id ? ((await trying(() => get(`jobs/${id}`))) ?? null) : null;
    if (this.open && ACTIVE.includes(this.open.state)) {
      this.#watch(this.open.id);
    }
  }

  /** @param {string} id */
  async #watch(id) {
    this.watching = new AbortController();
    const {signal} = this.watching;
    let log = []; // the first event tells all lines and rows again
    let all = [];
    await trying(async () => {
      for await (const {event, data} of events(`jobs/${id}/events`, signal)) {
        if (event === 'done') {
          this.open = await get(`jobs/${id}`);
          await this.#load();
          return;
        }
        const {lines = [], rows = [], state, ...progress} = data;
        log = [...log, ...lines].slice(-SHOWN_LINES);
        all = rows.length > 0 ? [...all, ...rows] : all;
        this.open = {...this.open, state: state ?? this.open.state, log, rows: all, progress};
      }
    });
  }

  /** @param {any} job @param {() => Promise<any>} work */
  async #do(job, work) {
    await trying(work);
    await trying(() => this.#load());
    if (this.open?.id === job.id) {
      this.open = null;
      await this.#follow();
    }
  }

  render() {
    return html`<div class="page">
      <header class="page__head"><h1>${t('nav.jobs')}</h1></header>
      <div class="page__body">
        ${this.open ? this.#detail() : nothing}
        ${when(this.loaded && this.jobs.length === 0, () => html`<p class="soft">${t('jobs.none')}</p>`)}
        <ul class="plain jobs" aria-label=${t('nav.jobs')}>
          ${this.jobs.map((job) => html`<li class="card" data-test="job">${this.#head(job)}</li>`)}
        </ul>
      </div>
    </div>`;
  }

  /** @param {any} job */
  #head(job) {
    return html`<div class="row">
        <a class="grow card__name" href=${place('jobs', job.id)}>${job.title || t('job.' + job.kind)}</a>
        ${stateBadge(job)}
      </div>
      <p class="soft small">
        ${t('job.' + job.kind)} · ${moment(job.created)}${job.error ? html` · <span class="bad">${job.error}</span>` : ''}
      </p>
      ${when(ACTIVE.includes(job.state) || job.state === 'paused', () => progressBar(job.progress ?? {}))}
      ${jobButtons(job, (work) => this.#do(job, work))}`;
  }

  #detail() {
    const job = this.open;
    const log = job.log ?? [];
    return html`<section class="block" aria-label=${job.title || t('job.' + job.kind)} data-test="job-open">
      <div class="row">
        <h2 class="grow">${job.title || t('job.' + job.kind)}</h2>
        ${job.kind === 'tune' ? html`<a class="button button--small" href=${place('tune', job.request?.name ?? '')}>${icon('tune')}${t('nav.tune')}</a>` : nothing}
        <a class="icon-button" href=${place('jobs')} aria-label=${t('close')}>${icon('close')}</a>
      </div>
      ${when(ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
      ${when(job.kind === 'quantize' && job.rows?.length > 0, () => html`<sz-quantize-report .rows=${job.rows} .total=${job.progress?.total ?? 0}></sz-quantize-report>`)}
      ${when(job.result && Object.keys(job.result).length > 0, () => result(job.result))}
      <h3>${t('jobs.log')}</h3>
      ${log.length > 0
        ? html`<pre class="plain-text" tabindex="0" data-test="log">${log.join('\n')}</pre>`
        : html`<p class="soft small">${t('jobs.noLog')}</p>`}
    </section>`;
  }
}
customElements.define('sz-jobs-page', JobsPage);

/** What came out, as names and values. @param {Record<string, any>} values */
function result(values) {
  const rows = Object.entries(values);
  return html`<h3>${t('jobs.result')}</h3>
    <p class="only-spoken">${plural('jobs.values', rows.length)}</p>
    <dl class="facts" data-test="result">
      ${rows.map(
        ([name, value]) => html`<div>
          <dt>${name}</dt>
          <dd>${typeof value === 'object' ? JSON.stringify(value) : typeof value === 'number' ? number(value, Number.isInteger(value) ? 0 : 3) : value}</dd>
        </div>`,
      )}
    </dl>`;
}
