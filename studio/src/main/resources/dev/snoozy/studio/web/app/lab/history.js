import {SnoozyElement, html, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {moment, t} from 'app/core/i18n.js';
import {go, place, router} from 'app/core/router.js';
import {batchTable} from 'app/lab/batch.js';
import {runButtons} from 'app/lab/cell.js';
import {sideBySide} from 'app/lab/compare.js';
import {diffView} from 'app/lab/diff.js';
import {LabRun} from 'app/lab/run.js';
import {columnName} from 'app/lab/state.js';
import {sweepTable} from 'app/lab/sweep.js';
import {trying} from 'app/parts/toast.js';

import 'app/tokens/view.js';

const SHOWN_LETTERS = 90;

/** As much of a text as a row has room for. @param {string} text */
function beginning(text) {
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
}
const KINDS = ['compare', 'sweep', 'batch', 'tokens'];

/** Every run that was made: to look at, to repeat exactly, to compare. */
class History extends SnoozyElement {
  static properties = {
    runs: {state: true},
    kind: {state: true},
    run: {state: true},
    other: {state: true},
    chosen: {state: true},
  };

  constructor() {
    super();
    /** @type {any[]} */
    this.runs = [];
    this.kind = '';
    /** @type {LabRun | null} */
    this.run = null;
    /** @type {LabRun | null} */
    this.other = null;
    /** @type {string[]} */
    this.chosen = [];
    this.onRoute = () => this.#follow();
  }

  connectedCallback() {
    super.connectedCallback();
    router.addEventListener('change', this.onRoute);
    this.#load();
    this.#follow();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    router.removeEventListener('change', this.onRoute);
    this.run?.leave();
  }

  async #load() {
    const {runs} = (await trying(() => get(`lab/runs${this.kind ? `?kind=${this.kind}` : ''}`))) ?? {runs: []};
    this.runs = runs;
  }

  async #follow() {
    const [part, id, other] = router.parts;
    if (router.page !== 'lab' || part !== 'history' || (this.run?.id ?? '') + (this.other?.id ?? '') === (id ?? '') + (other ?? '')) {
      return;
    }
    if (this.run) {
      this.run.leave();
      this.forgets(this.run);
    }
    this.run = id ? ((await trying(() => LabRun.open(id))) ?? null) : null;
    this.other = other ? ((await trying(() => LabRun.open(other))) ?? null) : null;
    if (this.run) {
      this.uses(this.run);
    }
  }

  /** @param {any} run */
  async #repeat(run) {
    await trying(async () => {
      const id = await new LabRun(run.id).repeat();
      await this.#load();
      go('lab', 'history', id);
    });
  }

  /** @param {any} run */
  async #delete(run) {
    await trying(async () => {
      await new LabRun(run.id).delete();
      this.chosen = this.chosen.filter((id) => id !== run.id);
      await this.#load();
    });
  }

  render() {
    return this.run ? this.#detail() : this.#list();
  }

  #list() {
    return html`
      <div class="row">
        <label class="field field--short"
          ><span>${t('history.kind')}</span>
          <select
            @change=${(e) => {
              this.kind = e.target.value;
              this.#load();
            }}
          >
            <option value="">${t('history.all')}</option>
            ${KINDS.map((k) => html`<option value=${k} ?selected=${k === this.kind}>${t('lab.' + k)}</option>`)}
          </select></label
        >
        <span class="grow"></span>
        <button
          class="button"
          data-test="diff-runs"
          ?disabled=${this.chosen.length !== 2}
          @click=${() => go('lab', 'history', ...this.chosen)}
        >
          ${t('history.compare')}
        </button>
      </div>
      ${this.runs.length === 0
        ? html`<p class="soft">${t('history.none')}</p>`
        : html`<div class="grid-box" role="region" tabindex="0" aria-label=${t('lab.history')}>
            <table class="table-plain table-wide" data-test="runs">
              <thead>
                <tr>
                  <th scope="col"><span class="only-spoken">${t('history.choose')}</span></th>
                  <th scope="col">${t('history.when')}</th>
                  <th scope="col">${t('history.kind')}</th>
                  <th scope="col">${t('lab.prompt')}</th>
                  <th scope="col">${t('lab.columns')}</th>
                  <th scope="col">${t('option.seed')}</th>
                  <th scope="col"><span class="only-spoken">${t('actions')}</span></th>
                </tr>
              </thead>
              <tbody>
                ${this.runs.map((run) => this.#row(run))}
              </tbody>
            </table>
          </div>`}
    `;
  }

  /** @param {any} run */
  #row(run) {
    const prompt = beginning(run.prompt ?? run.prompts?.[0] ?? '');
    const when = moment(run.created);
    return html`<tr>
      <td>
        <input
          type="checkbox"
          aria-label=${t('history.chooseOne', {when})}
          .checked=${this.chosen.includes(run.id)}
          @change=${(e) => {
            const rest = this.chosen.filter((id) => id !== run.id);
            this.chosen = e.target.checked ? [...rest, run.id].slice(-2) : rest;
          }}
        />
      </td>
      <td><a href=${place('lab', 'history', run.id)}>${when}</a></td>
      <td>${t('lab.' + run.kind)}</td>
      <td dir="auto" class="wrap">${prompt}</td>
      <td class="wrap">${beginning((run.columns ?? []).map((c, i) => columnName(c, i)).join(' | '))}</td>
      <td>${run.seed ?? ''}</td>
      <td><div class="row row--tight">
        <button class="button button--small" data-test="repeat" @click=${() => this.#repeat(run)}>${icon('redo')}${t('history.repeat')}</button>
        <button class="icon-button" aria-label=${t('history.delete', {when})} title=${t('delete')} @click=${() => this.#delete(run)}>
          ${icon('trash')}
        </button>
      </div></td>
    </tr>`;
  }

  #detail() {
    const {run} = this;
    return html`
      <div class="row">
        <a class="button" href=${place('lab', 'history')}>${icon('left')}${t('lab.history')}</a>
        <span class="grow"></span>
        <button class="button" @click=${() => this.#repeat(run)}>${icon('redo')}${t('history.repeat')}</button>
        ${runButtons(run, trying)}
      </div>
      <section class="block">
        <h2>${t('lab.' + run.run.kind)}</h2>
        <p class="soft small">${moment(run.run.created)}</p>
        ${when(run.run.kind !== 'batch', () => html`<p class="prose" dir="auto">${run.prompts[0]}</p>`)}
      </section>
      ${this.other ? this.#difference() : this.#results()} ${this.#facts()}
    `;
  }

  #results() {
    const {run} = this;
    if (run.run.kind === 'sweep') {
      return sweepTable(run);
    }
    if (run.run.kind === 'tokens') {
      return html`<sz-tokens .tokens=${run.cell(0)?.tokens ?? []} fixed></sz-tokens>`;
    }
    return run.run.kind === 'batch' ? batchTable(run, false) : sideBySide(run);
  }

  #difference() {
    const {run, other} = this;
    return html`<section class="block" data-test="run-diff">
      <h2>${t('history.difference')}</h2>
      ${run.cells.map((cell) => {
        const match = other.cell(cell.column, cell.prompt ?? 0, cell.round ?? 0);
        const same = match?.text === cell.text;
        return html`<div class="cell">
          <h3>${columnName(run.run.columns[cell.column] ?? {}, cell.column)}</h3>
          ${same ? html`<p class="badge badge--good">${t('history.same')}</p>` : diffView(cell.text, match?.text ?? '')}
        </div>`;
      })}
    </section>`;
  }

  /** What is needed to make the run again. */
  #facts() {
    const {columns, seed} = this.run.run;
    return html`<details class="fold">
      <summary>${t('history.facts')}</summary>
      <pre class="plain-text" tabindex="0">${JSON.stringify(
        {
          seed,
          columns,
          cells: this.run.cells.map(({column, prompt, model, digest, adapters, options, settings, seed: own, stats}) => ({
            column,
            prompt,
            model,
            digest,
            adapters,
            options: options ?? settings,
            seed: own,
            stats,
          })),
        },
        null,
        1,
      )}</pre>
    </details>`;
  }
}
customElements.define('sz-lab-history', History);
