import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {place, router} from 'app/core/router.js';
import {stageList} from 'app/cook/recipe.js';
import {ACTIVE, jobButtons, stateBadge} from 'app/jobs/actions.js';
import {progressBar} from 'app/parts/progress.js';
import {trying} from 'app/parts/toast.js';

import 'app/cook/report.js';

const POLL_MILLIS = 2000;

/** Recipes: those that were cooked with what they came to, and the beginning of others. */
class CookPage extends SnoozyElement {
  static properties = {runs: {state: true}, open: {state: true}, loaded: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.runs = [];
    /** The one that is looked at. @type {any} */
    this.open = null;
    this.loaded = false;
    this.uses(router);
    this.poll = new Poll(this, () => this.#load(), POLL_MILLIS);
    this.onRoute = () => trying(() => this.#load());
  }

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener('change', this.onRoute);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    router.removeEventListener('change', this.onRoute);
  }

  get #name() {
    return router.page === 'cook' ? router.parts[0] : undefined;
  }

  async #load() {
    const name = this.#name;
    if (name) {
      const found = await this.#find(name);
      if (name !== this.#name) {
        return; // somebody has gone on to another
      }
      this.open = found;
    } else {
      this.open = null;
      const {runs} = await get('cook/runs');
      this.runs = runs;
    }
    this.loaded = true;
  }

  /** @param {string} name */
  async #find(name) {
    const settled = this.open?.name === name && this.open.report && !ACTIVE.includes(this.open.job?.state);
    if (settled) {
      return this.open; // nothing changes any more
    }
    try {
      return await get(`cook/runs/${encodeURIComponent(name)}`);
    } catch (e) {
      if (e.status !== 404) {
        throw e;
      }
      return null;
    }
  }

  /** @param {() => Promise<any>} work */
  async #do(work) {
    await trying(work);
    this.open = null;
    await trying(() => this.#load());
  }

  render() {
    return html`<div class="page">
      <header class="page__head"><h1>${t('nav.cook')}</h1></header>
      <div class="page__body">
        ${this.#name ? this.#detail() : html`<p class="soft lead">${t('cook.text')}</p><sz-cook-recipe></sz-cook-recipe>${this.#list()}`}
      </div>
    </div>`;
  }

  #list() {
    return html`<section class="block" aria-labelledby="cook-runs">
      <h2 id="cook-runs">${t('cook.runs')}</h2>
      ${when(this.loaded && this.runs.length === 0, () => html`<p class="soft">${t('cook.none')}</p>`)}
      <ul class="plain cards">
        ${this.runs.map(
          ({name, job, finished}) => html`<li class="card" data-test="cook-run">
            <div class="row">
              <a class="grow card__name" href=${place('cook', name)}>${name}</a>
              ${job ? stateBadge(job) : nothing}
            </div>
            ${when(finished, () => html`<p class="soft small">${t('cook.reportThere')}</p>`)}
            ${when(job?.error, () => html`<p class="bad small">${job.error}</p>`)}
            ${when(job && ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #detail() {
    const run = this.open;
    const back = html`<div class="row"><a class="button" href=${place('cook')}>${icon('left')}${t('cook.runs')}</a></div>`;
    if (!run || run.name !== this.#name) {
      return html`${when(this.loaded && !run, () => html`<p class="soft">${t('cook.gone')}</p>`)}${back}`;
    }
    const {job} = run;
    return html`${back}
      <section class="block" aria-labelledby="cook-title" data-test="cook-open">
        <div class="row">
          <h2 class="grow" id="cook-title">${run.name}</h2>
          ${job ? stateBadge(job) : nothing}
        </div>
        ${when(run.folder, () => html`<p class="soft small wrap">${run.folder}</p>`)}
        ${when(run.problem ?? job?.error, () => html`<p class="notice notice--bad">${run.problem ?? job.error}</p>`)}
        ${when(job && ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
        ${when(job, () => jobButtons(job, (work) => this.#do(work)))}
        ${when(run.stages, () => stageList(run.stages, job?.rows ?? [], job?.state))}
        ${when(
          job?.log?.length > 0,
          () => html`<details class="fold" ?open=${ACTIVE.includes(job.state)}>
            <summary>${t('jobs.log')}</summary>
            <pre class="plain-text" tabindex="0" data-test="cook-log">${job.log.join('\n')}</pre>
          </details>`,
        )}
      </section>
      ${when(
        run.report && !ACTIVE.includes(job?.state),
        () => html`<sz-cook-report .report=${run.report} .speeds=${run.speeds ?? {}} .page=${run.page}></sz-cook-report>`,
      )}`;
  }
}
customElements.define('sz-cook-page', CookPage);
