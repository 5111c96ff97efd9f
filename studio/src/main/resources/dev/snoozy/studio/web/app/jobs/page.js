import {css} from 'app/core/css.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {events, get, post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {duration, moment, number, plural, t} from 'app/core/i18n.js';
import {place, router} from 'app/core/router.js';
import {Poll} from 'app/core/poll.js';
import {trying} from 'app/parts/toast.js';

const POLL_MILLIS = 2000;
const SHOWN_LINES = 200;
const ACTIVE = ['queued', 'running'];
const BADGES = {done: 'good', failed: 'bad', interrupted: 'warn'};

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
    let log = []; // the first event tells all lines again
    await trying(async () => {
      for await (const {event, data} of events(`jobs/${id}/events`, signal)) {
        if (event === 'done') {
          this.open = await get(`jobs/${id}`);
          await this.#load();
          return;
        }
        const {lines = [], state, ...progress} = data;
        log = [...log, ...lines].slice(-SHOWN_LINES);
        this.open = {...this.open, state: state ?? this.open.state, log, progress};
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
    const active = ACTIVE.includes(job.state);
    const id = encodeURIComponent(job.id);
    return html`<div class="row">
        <a class="grow card__name" href=${place('jobs', job.id)}>${job.title || t('job.' + job.kind)}</a>
        <span class="badge badge--${BADGES[job.state] ?? 'plain'}">${t('jobs.' + job.state)}</span>
      </div>
      <p class="soft small">
        ${t('job.' + job.kind)} · ${moment(job.created)}${job.error ? html` · <span class="bad">${job.error}</span>` : ''}
      </p>
      ${when(active, () => progressBar(job.progress ?? {}))}
      <div class="row">
        ${when(
          active,
          () => html`<button class="button button--small" data-test="cancel" @click=${() => this.#do(job, () => post(`jobs/${id}/cancel`))}>
            ${icon('stop')}${t('cancel')}
          </button>`,
        )}
        ${when(
          ['failed', 'cancelled', 'interrupted'].includes(job.state),
          () => html`<button class="button button--small" data-test="retry" @click=${() => this.#do(job, () => post(`jobs/${id}/retry`))}>
            ${icon('redo')}${t('jobs.retry')}
          </button>`,
        )}
        ${when(
          !active,
          () => html`<button class="icon-button" aria-label=${t('jobs.remove', {title: job.title})} title=${t('delete')} @click=${() => this.#do(job, () => remove(`jobs/${id}`))}>
            ${icon('trash')}
          </button>`,
        )}
      </div>`;
  }

  #detail() {
    const job = this.open;
    const log = job.log ?? [];
    return html`<section class="block" aria-label=${job.title || t('job.' + job.kind)} data-test="job-open">
      <div class="row">
        <h2 class="grow">${job.title || t('job.' + job.kind)}</h2>
        <a class="icon-button" href=${place('jobs')} aria-label=${t('close')}>${icon('close')}</a>
      </div>
      ${when(ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
      ${when(job.result && Object.keys(job.result).length > 0, () => result(job.result))}
      <h3>${t('jobs.log')}</h3>
      ${log.length > 0
        ? html`<pre class="plain-text" tabindex="0" data-test="log">${log.join('\n')}</pre>`
        : html`<p class="soft small">${t('jobs.noLog')}</p>`}
    </section>`;
  }
}
customElements.define('sz-jobs-page', JobsPage);

/** How far a job is. @param {{done?: number, total?: number, unit?: string, eta?: number | null}} progress */
function progressBar({done = 0, total = 0, unit = '', eta}) {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  const text = total > 0 ? `${number(100 * part)} %` : t('jobs.working');
  return html`<div class="progress">
    <div
      class="progress__bar"
      role="progressbar"
      aria-label=${t('jobs.progress')}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(100 * part)}
    >
      <span ${css({width: `${100 * part}%`})}></span>
    </div>
    <span class="small soft">${text}${unit && total > 0 ? ` · ${number(done)}/${number(total)} ${unit}` : ''}${eta ? ` · ${t('jobs.eta', {time: duration(eta)})}` : ''}</span>
  </div>`;
}

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
