import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get, post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {bytes, duration, number, t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {go, place, router} from 'app/core/router.js';
import {ACTIVE, jobButtons, stateBadge} from 'app/jobs/actions.js';
import {lab} from 'app/lab/state.js';
import {confirmDialog} from 'app/parts/dialog.js';
import {progressBar} from 'app/parts/progress.js';
import {notices, trying} from 'app/parts/toast.js';
import {comparison} from 'app/tune/compare.js';
import {tuneDraft} from 'app/tune/draft.js';
import {facts, samples} from 'app/tune/told.js';

import 'app/tune/curves.js';
import 'app/tune/form.js';
import 'app/tune/recipe.js';

const POLL_MILLIS = 1500;
const MOST_COMPARED = 6;
const DIGITS = 4;

/** Training: the runs that there are, their curves as they grow, and the beginning of others. */
class TunePage extends SnoozyElement {
  static properties = {runs: {state: true}, open: {state: true}, chosen: {state: true}, loaded: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.runs = [];
    /** The runs that are looked at; the first is what all but the curves is about. @type {any[]} */
    this.open = [];
    /** @type {string[]} */
    this.chosen = [];
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

  get #names() {
    return router.page === 'tune' ? router.parts.slice(0, MOST_COMPARED) : [];
  }

  async #load() {
    const names = this.#names;
    if (names.length === 0) {
      const {runs} = await get('tune/runs');
      this.runs = runs;
      this.open = [];
    } else {
      const open = await Promise.all(names.map((name) => this.#find(name)));
      if (names.join('/') !== this.#names.join('/')) {
        return; // somebody has gone on to another
      }
      this.open = open.filter((run) => run !== null);
    }
    this.loaded = true;
  }

  /** A run as it is now, or null. @param {string} name */
  async #find(name) {
    try {
      return await get(`tune/runs/${encodeURIComponent(name)}`);
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
    await trying(() => this.#load());
  }

  /** Has a run go on whose job was forgotten. @param {any} run */
  #resume(run) {
    return this.#do(() => post('jobs', {...run.request, kind: 'tune', resume: true}));
  }

  /** Opens the laboratory with the adapter beside the base. @param {any} run */
  #try(run) {
    const base = {model: run.request.model, label: '', options: {temperature: 0}};
    lab.shown.delete('sz-lab-compare');
    lab.set({columns: [base, {...base, adapters: [{name: run.adapter, scale: 1}]}]});
    go('lab', 'compare');
  }

  /** @param {any} run */
  #again(run) {
    tuneDraft.take(run.request);
    go('tune');
  }

  /** @param {any} run */
  async #delete(run) {
    const sure = await confirmDialog({
      title: t('tune.delete', {name: run.name}),
      text: t('tune.deleteText'),
      action: t('delete'),
      danger: true,
    });
    if (sure) {
      await trying(async () => {
        await remove(`tune/runs/${encodeURIComponent(run.name)}`);
        this.chosen = this.chosen.filter((name) => name !== run.name);
        go('tune');
        await this.#load();
      });
    }
  }

  render() {
    const looking = this.#names.length > 0;
    return html`<div class="page">
      <header class="page__head"><h1>${t('nav.tune')}</h1></header>
      <div class="page__body">
        ${looking ? this.#detail() : html`<p class="soft lead">${t('tune.text')}</p><sz-tune-recipe></sz-tune-recipe><sz-tune-form></sz-tune-form>${this.#list()}`}
      </div>
    </div>`;
  }

  #list() {
    return html`<section class="block" aria-labelledby="tune-runs">
      <div class="row row--between">
        <h2 id="tune-runs">${t('tune.runs')}</h2>
        ${when(
          this.runs.length > 1,
          () => html`<button
            class="button"
            data-test="tune-compare"
            ?disabled=${this.chosen.length < 2}
            @click=${() => go('tune', ...this.chosen)}
          >
            ${t('tune.compare')}
          </button>`,
        )}
      </div>
      ${when(this.loaded && this.runs.length === 0, () => html`<p class="soft">${t('tune.none')}</p>`)}
      <ul class="plain cards">
        ${this.runs.map((run) => this.#card(run))}
      </ul>
    </section>`;
  }

  /** @param {any} run */
  #card(run) {
    const {job} = run;
    return html`<li class="card" data-test="tune-run">
      <div class="row">
        <input
          type="checkbox"
          aria-label=${t('tune.choose', {name: run.name})}
          .checked=${this.chosen.includes(run.name)}
          @change=${(e) => {
            const rest = this.chosen.filter((name) => name !== run.name);
            this.chosen = e.target.checked ? [...rest, run.name].slice(-MOST_COMPARED) : rest;
          }}
        />
        <a class="grow card__name" href=${place('tune', run.name)}>${run.name}</a>
        ${job ? stateBadge(job) : nothing}
      </div>
      <p class="soft small wrap">${run.request?.model ?? ''}</p>
      <p class="soft small">${this.#figures(run)}</p>
      ${when(job?.error, () => html`<p class="bad small">${job.error}</p>`)}
      ${when(job && ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
    </li>`;
  }

  /** Where a run is, in a line. @param {any} run */
  #figures(run) {
    return [
      run.step > 0 ? t('tune.at', {step: number(run.step)}) : '',
      run.loss === undefined ? '' : t('tune.lossIs', {loss: number(run.loss, DIGITS)}),
      run.best === undefined
        ? ''
        : t('tune.best', {loss: number(run.best, DIGITS), step: number(run.bestStep), base: number(run.base, DIGITS)}),
    ]
      .filter(Boolean)
      .join(' · ');
  }

  #detail() {
    const [run] = this.open;
    if (!run) {
      return when(this.loaded, () => html`<p class="soft">${t('tune.gone')}</p><a class="button" href=${place('tune')}>${icon('left')}${t('tune.runs')}</a>`);
    }
    return html`
      <div class="row">
        <a class="button" href=${place('tune')}>${icon('left')}${t('tune.runs')}</a>
        <span class="grow"></span>
        ${when(
          run.adapter && run.request,
          () => html`<button class="button" data-test="tune-try" @click=${() => this.#try(run)}>${icon('lab')}${t('tune.try')}</button>`,
        )}
        ${when(
          run.request,
          () => html`<button class="button" data-test="tune-again" @click=${() => this.#again(run)}>${icon('redo')}${t('tune.again')}</button>`,
        )}
      </div>
      <section class="block" aria-labelledby="tune-title" data-test="tune-open">
        <div class="row">
          <h2 class="grow" id="tune-title">${this.open.map((r) => r.name).join(' · ')}</h2>
          ${run.job ? stateBadge(run.job) : nothing}
        </div>
        ${this.#state(run)} ${when(run.points?.length > 0, () => html`<sz-tune-curves .runs=${this.open}></sz-tune-curves>`)}
      </section>
      ${comparison(this.open)} ${samples(run)} ${facts(run)}
    `;
  }

  /** @param {any} run */
  #state(run) {
    const {job} = run;
    const result = job?.result;
    return html`
      <p class="soft small">
        ${[
          this.#figures(run),
          run.tokensPerSecond ? t('tune.speed', {speed: number(run.tokensPerSecond)}) : '',
          run.seconds ? duration(run.seconds) : '',
          run.heap ? t('tune.heap', {heap: bytes(run.heap)}) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      ${when(
        result?.before !== undefined,
        () => html`<p class="notice ${result.better ? '' : 'notice--warn'}" data-test="tune-gain">
          ${t(result.better ? 'tune.better' : 'tune.notBetter', {
            before: number(result.before, DIGITS),
            after: number(result.after, DIGITS),
            gain: number(result.gain, DIGITS),
            error: number(result.error, DIGITS),
          })}
        </p>`,
      )}
      ${when(job?.error, () => html`<p class="notice notice--bad">${job.error}</p>`)}
      ${when(job && ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
      ${when(job, () => jobButtons(job, (work) => this.#act(run, work)))}
      <div class="row">
        ${when(
          !job && run.checkpoint && run.request,
          () => html`<button class="button button--small" @click=${() => this.#resume(run)}>${icon('play')}${t('jobs.resume')}</button>`,
        )}
        ${when(
          !job || !ACTIVE.includes(job.state),
          () => html`<button class="button button--small" data-test="tune-delete" @click=${() => this.#delete(run)}>
            ${icon('trash')}${t('tune.delete', {name: run.name})}
          </button>`,
        )}
      </div>
    `;
  }

  /** @param {any} run @param {() => Promise<any>} work */
  async #act(run, work) {
    const running = run.job.state === 'running';
    await this.#do(work);
    if (running) {
      notices.show({text: t('tune.stopping')});
    }
  }
}
customElements.define('sz-tune-page', TunePage);
