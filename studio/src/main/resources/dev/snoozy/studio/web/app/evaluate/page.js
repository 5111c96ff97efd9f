import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {Poll} from 'app/core/poll.js';
import {go, place, router} from 'app/core/router.js';
import {PROFILES, TASKS, runName} from 'app/evaluate/state.js';
import {percent} from 'app/evaluate/table.js';
import {ACTIVE, jobButtons, stateBadge} from 'app/jobs/actions.js';
import {confirmDialog} from 'app/parts/dialog.js';
import {progressBar} from 'app/parts/progress.js';
import {trying} from 'app/parts/toast.js';

import 'app/evaluate/compare.js';
import 'app/evaluate/form.js';
import 'app/evaluate/items.js';
import 'app/evaluate/table.js';

const POLL_MILLIS = 2000;

/** Evaluation: models by tasks, two of them compared, the items of each; and the beginning of more. */
class EvaluatePage extends SnoozyElement {
  static properties = {
    runs: {state: true},
    profile: {state: true},
    chosen: {state: true},
    published: {state: true},
    showPublished: {state: true},
    loaded: {state: true},
  };

  constructor() {
    super();
    /** @type {any[]} */
    this.runs = [];
    /** Only figures of one protocol stand beside each other; "" until there are any. */
    this.profile = '';
    /** @type {string[]} */
    this.chosen = [];
    /** @type {any} */
    this.published = null;
    this.showPublished = false;
    this.loaded = false;
    this.uses(router);
    this.poll = new Poll(this, () => this.#load(), POLL_MILLIS);
  }

  async #load() {
    const {runs} = await get('evaluate/runs');
    this.runs = runs;
    this.profile ||= PROFILES.find((profile) => runs.some((run) => run.profile === profile)) ?? '';
    this.loaded = true;
  }

  /** @param {() => Promise<any>} work */
  async #do(work) {
    await trying(work);
    await trying(() => this.#load());
  }

  /** @param {string} name */
  #choose(name) {
    const rest = this.chosen.filter((other) => other !== name);
    this.chosen = rest.length < this.chosen.length ? rest : [...rest, name].slice(-2);
  }

  async #togglePublished() {
    this.published ??= (await trying(() => get('evaluate/published'))) ?? null;
    this.showPublished = !this.showPublished && this.published !== null;
  }

  /** @param {any} run */
  async #delete(run) {
    const sure = await confirmDialog({
      title: t('evaluate.delete', {name: runName(run)}),
      text: t('evaluate.deleteText'),
      action: t('delete'),
      danger: true,
    });
    if (sure) {
      await trying(async () => {
        await remove(`evaluate/runs/${encodeURIComponent(run.name)}`);
        this.chosen = this.chosen.filter((name) => name !== run.name);
        go('evaluate');
        await this.#load();
      });
    }
  }

  render() {
    const [name, task] = router.page === 'evaluate' ? router.parts : [];
    return html`<div class="page">
      <header class="page__head"><h1>${t('nav.evaluate')}</h1></header>
      <div class="page__body page__body--wide">
        ${name
          ? this.#detail(name, task)
          : html`<p class="soft lead">${t('evaluate.text')}</p>
              <sz-evaluate-form @begun=${() => trying(() => this.#load())}></sz-evaluate-form>
              ${this.#results()}`}
      </div>
    </div>`;
  }

  #results() {
    const shown = this.runs.filter((run) => run.profile === this.profile || run.problem);
    const names = this.chosen.filter((name) => shown.some((run) => run.name === name));
    const profiles = PROFILES.filter((profile) => this.runs.some((run) => run.profile === profile));
    return html`<section class="block" aria-labelledby="evaluate-results">
        <div class="row row--between">
          <h2 id="evaluate-results">${t('evaluate.results')}</h2>
          <div class="row">
            ${when(
              profiles.length > 1,
              () => html`<label class="field field--short"
                ><span>${t('evaluate.profile')}</span>
                <select
                  data-test="evaluate-shown-profile"
                  @change=${(e) => {
                    this.profile = e.target.value;
                  }}
                >
                  ${profiles.map((profile) => html`<option value=${profile} .selected=${live(profile === this.profile)}>${profile}</option>`)}
                </select></label
              >`,
            )}
            <button
              class="button"
              data-test="evaluate-show-published"
              aria-pressed=${this.showPublished ? 'true' : 'false'}
              @click=${() => this.#togglePublished()}
            >
              ${t(this.showPublished ? 'evaluate.hidePublished' : 'evaluate.showPublished')}
            </button>
          </div>
        </div>
        ${when(this.profile, () => html`<p class="soft small">${t('evaluate.byProfile', {profile: this.profile})}</p>`)}
        ${when(this.loaded && this.runs.length === 0, () => html`<p class="soft">${t('evaluate.none')}</p>`)}
        ${when(
          shown.length > 0 || this.showPublished,
          () => html`<sz-evaluate-table
            .runs=${shown}
            .published=${this.showPublished ? this.published.rows : []}
            .chosen=${names}
            @chosen=${(e) => this.#choose(e.detail)}
          ></sz-evaluate-table>`,
        )}
        ${when(
          this.showPublished && this.profile !== this.published.profile,
          () => html`<p class="notice notice--warn">${t('evaluate.publishedBy', {profile: this.published.profile})}</p>`,
        )}
        ${when(shown.length > 1 && names.length < 2, () => html`<p class="soft small">${t('evaluate.chooseTwo')}</p>`)}
      </section>
      ${when(
        names.length === 2,
        () => html`<sz-evaluate-compare
          .first=${names[0]}
          .second=${names[1]}
          .names=${names.map((name) => runName(shown.find((run) => run.name === name)))}
        ></sz-evaluate-compare>`,
      )}`;
  }

  /** @param {string} name @param {string | undefined} task */
  #detail(name, task) {
    const run = this.runs.find((entry) => entry.name === name);
    const back = html`<a class="button" href=${place('evaluate')}>${icon('left')}${t('evaluate.results')}</a>`;
    if (!run) {
      return when(this.loaded, () => html`<p class="soft">${t('evaluate.gone')}</p><div class="row">${back}</div>`);
    }
    const {job} = run;
    const tasks = run.tasks ?? [];
    const open = TASKS[task ?? ''] && tasks.some((entry) => entry.task === task) ? task : tasks[0]?.task;
    return html`<div class="row">${back}</div>
      <section class="block" aria-labelledby="evaluate-title" data-test="evaluate-open">
        <div class="row">
          <h2 class="grow" id="evaluate-title">${runName(run)}</h2>
          ${job ? stateBadge(job) : nothing}
        </div>
        <p class="soft small">${[run.profile, run.precision, percent(run.average, run.averageError)].filter(Boolean).join(' · ')}</p>
        ${when(run.problem ?? job?.error, () => html`<p class="notice notice--bad">${run.problem ?? job.error}</p>`)}
        ${when(job && ACTIVE.includes(job.state), () => progressBar(job.progress ?? {}))}
        ${when(job, () => jobButtons(job, (work) => this.#do(work)))}
        <nav class="tabs" aria-label=${t('evaluate.tasks')}>
          ${tasks.map(
            (entry) => html`<a href=${place('evaluate', name, entry.task)} aria-current=${entry.task === open ? 'page' : 'false'}
              >${TASKS[entry.task]} ${percent(entry.value, entry.error)}</a
            >`,
          )}
        </nav>
        ${when(open, () => html`<sz-evaluate-items .run=${name} .names=${[runName(run)]} .task=${open}></sz-evaluate-items>`)}
        ${this.#facts(run)}
        ${when(
          !job || !ACTIVE.includes(job.state),
          () => html`<div class="row">
            <button class="button button--small" data-test="evaluate-delete" @click=${() => this.#delete(run)}>
              ${icon('trash')}${t('evaluate.delete', {name: runName(run)})}
            </button>
          </div>`,
        )}
      </section>`;
  }

  /** @param {any} run */
  #facts(run) {
    const truncated = (run.tasks ?? []).reduce((sum, task) => sum + task.truncated, 0);
    return html`<dl class="facts small">
      <div>
        <dt>${t('job.folder')}</dt>
        <dd>${run.folder}</dd>
      </div>
      <div>
        <dt>${t('evaluate.digest')}</dt>
        <dd>${run.sha256}</dd>
      </div>
      <div>
        <dt>${t('evaluate.truncated')}</dt>
        <dd>${number(truncated)}</dd>
      </div>
    </dl>`;
  }
}
customElements.define('sz-evaluate-page', EvaluatePage);
