import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {bytes, duration, number, t} from 'app/core/i18n.js';
import {place} from 'app/core/router.js';
import {TASKS, runName} from 'app/evaluate/state.js';
import {ACTIVE, stateBadge} from 'app/jobs/actions.js';

const PERCENT = 100;

/** A part of 1 in percent with its standard error. @param {number | undefined} value @param {number | undefined} error */
export function percent(value, error) {
  if (value === undefined) {
    return '';
  }
  return `${number(PERCENT * value, 1)}${error === undefined ? '' : ` ± ${number(PERCENT * error, 1)}`}`;
}

/**
 * Models by tasks: each figure in percent with its standard error. Two rows can be chosen, and each
 * figure opens its items.
 */
class EvaluateTable extends SnoozyElement {
  static properties = {runs: {attribute: false}, published: {attribute: false}, chosen: {attribute: false}};

  constructor() {
    super();
    /** Of one protocol. @type {any[]} */
    this.runs = [];
    /** Rows of the published table, or none. @type {any[]} */
    this.published = [];
    /** Names of rows. @type {string[]} */
    this.chosen = [];
  }

  render() {
    const tasks = Object.keys(TASKS);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('evaluate.table')}>
      <table class="table-plain small" data-test="evaluate-table">
        <thead>
          <tr>
            <td></td>
            <th scope="col">${t('model')}</th>
            ${tasks.map((task) => html`<th scope="col" class="right">${TASKS[task]}</th>`)}
            <th scope="col" class="right">${t('evaluate.average')}</th>
            <th scope="col" class="right">${t('report.size')}</th>
          </tr>
        </thead>
        <tbody>
          ${this.runs.map((run) => this.#row(run, tasks))} ${this.published.map((row) => this.#publishedRow(row))}
        </tbody>
      </table>
    </div>`;
  }

  /** @param {any} run @param {string[]} tasks */
  #row(run, tasks) {
    const name = runName(run);
    const active = run.job && ACTIVE.includes(run.job.state);
    return html`<tr data-test="evaluate-row">
      <td>
        ${when(
          run.name && !run.problem,
          () => html`<input
            type="checkbox"
            aria-label=${t('tune.choose', {name})}
            .checked=${this.chosen.includes(run.name)}
            @change=${() => this.tell('chosen', run.name)}
          />`,
        )}
      </td>
      <th scope="row" class="wrap">
        <span class="evaluate__name">${run.name ? html`<a href=${place('evaluate', run.name)}>${name}</a>` : name}</span>
        ${when(run.precision && run.precision !== 'eight_bit', () => html`<small class="soft">${run.precision}</small>`)}
        ${run.job && run.job.state !== 'done' ? stateBadge(run.job) : nothing}
        ${when(active && run.job.progress?.total > 0, () => html`<small class="soft" data-test="evaluate-progress">${this.#progress(run.job.progress)}</small>`)}
        ${when(run.problem ?? run.job?.error, () => html`<small class="bad">${run.problem ?? run.job.error}</small>`)}
      </th>
      ${tasks.map((task) => this.#cell(run, (run.tasks ?? []).find((entry) => entry.task === task)))}
      <td class="right" data-test="evaluate-average">
        ${percent(run.average, run.averageError)}
        ${when(
          run.average !== undefined && run.tasks.length < tasks.length,
          () => html`<small class="soft evaluate__of">${t('evaluate.ofTasks', {count: number(run.tasks.length), all: number(tasks.length)})}</small>`,
        )}
      </td>
      <td class="right">${when(run.models?.length > 0, () => bytes(run.models[0].bytes))}</td>
    </tr>`;
  }

  /** @param {{done: number, total: number, eta?: number | null}} progress */
  #progress({done, total, eta}) {
    return [t('evaluate.items', {done: number(done), all: number(total)}), eta ? t('jobs.eta', {time: duration(eta)}) : ''].filter(Boolean).join(' · ');
  }

  /** @param {any} run @param {any} task */
  #cell(run, task) {
    if (!task) {
      return html`<td class="right"></td>`;
    }
    const part = task.of === undefined || task.items < task.of;
    return html`<td class="right">
      <a href=${place('evaluate', run.name, task.task)} data-test="figure-${task.task}">${percent(task.value, task.error)}</a>
      ${when(
        part,
        () =>
          html`<small class="soft evaluate__of"
            >${task.of === undefined ? t('evaluate.itemsDone', {done: number(task.items)}) : t('evaluate.items', {done: number(task.items), all: number(task.of)})}</small
          >`,
      )}
    </td>`;
  }

  /** @param {any} row */
  #publishedRow(row) {
    return html`<tr class="soft" data-test="evaluate-published">
      <td></td>
      <th scope="row" class="wrap">${row.model}</th>
      ${row.scores.map((score) => html`<td class="right">${number(score, 1)}</td>`)}
      <td class="right">${number(row.average, 1)}</td>
      <td></td>
    </tr>`;
  }
}
customElements.define('sz-evaluate-table', EvaluateTable);
