import {SnoozyElement, html, when} from 'app/core/element.js';
import {bytes, number, t} from 'app/core/i18n.js';
import {TASKS} from 'app/evaluate/state.js';
import {percent} from 'app/evaluate/table.js';

import 'app/tune/curves.js';

const PERCENT = 100;
const DIGITS = 4;

/** The figures of a recipe that is done, each as it stands in its file. */
class CookReport extends SnoozyElement {
  static properties = {report: {attribute: false}, speeds: {attribute: false}, page: {attribute: false}};

  constructor() {
    super();
    /** @type {any} */
    this.report = null;
    /** By the names of models. @type {Record<string, any>} */
    this.speeds = {};
    /** Where the report for people is. */
    this.page = '';
  }

  render() {
    const {report} = this;
    return html`<section class="block" aria-labelledby="cook-report" data-test="cook-report">
        <h2 id="cook-report">${t('cook.report')}</h2>
        <p class="soft small wrap">${t('cook.reportAt', {file: this.page})}</p>
        ${this.#models(report.models ?? [])} ${this.#differences(report.differences ?? [])}
      </section>
      ${this.#training(report.training)} ${this.#curation(report.curation)} ${this.#samples(report.models ?? [])}
      ${this.#files(report.files ?? [])}`;
  }

  /** @param {any[]} models */
  #models(models) {
    const tasks = Object.keys(TASKS).filter((task) => models.some((model) => (model.tasks ?? []).some((entry) => entry.task === task)));
    const speed = (model, name) => {
      const value = this.speeds?.[model.model]?.[name];
      return value === undefined ? '' : number(value, value < PERCENT ? 1 : 0);
    };
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('evaluate.results')}>
      <table class="table-plain small" data-test="cook-models">
        <thead>
          <tr>
            <th scope="col">${t('model')}</th>
            <th scope="col" class="right">${t('report.size')}</th>
            ${tasks.map((task) => html`<th scope="col" class="right">${TASKS[task]}</th>`)}
            <th scope="col" class="right">${t('evaluate.average')}</th>
            <th scope="col" class="right">${t('cook.perplexityShort')}</th>
            <th scope="col" class="right">${t('cook.prefill')}</th>
            <th scope="col" class="right">${t('cook.decode')}</th>
          </tr>
        </thead>
        <tbody>
          ${models.map(
            (model) => html`<tr>
              <th scope="row">${model.model}</th>
              <td class="right">${bytes(model.bytes)}</td>
              ${tasks.map((task) => html`<td class="right">${this.#score((model.tasks ?? []).find((entry) => entry.task === task))}</td>`)}
              <td class="right">${percent(model.average, finite(model.average_stderr))}</td>
              <td class="right">${model.perplexity?.value === undefined ? '' : `${number(model.perplexity.value, 2)} ± ${number(model.perplexity.stderr, 2)}`}</td>
              <td class="right">${speed(model, 'prefill_per_second')}</td>
              <td class="right">${speed(model, 'decode_per_second')}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** @param {any} task */
  #score(task) {
    return task ? percent(task[task.published], finite(task[`${task.published}_stderr`])) : '';
  }

  /** @param {any[]} all */
  #differences(all) {
    return when(
      all.length > 0,
      () => html`<h3>${t('evaluate.differences')}</h3>
        <div class="scroll" tabindex="0" role="region" aria-label=${t('evaluate.differences')}>
          <table class="table-plain small" data-test="cook-differences">
            <thead>
              <tr>
                <th scope="col">${t('model')}</th>
                <th scope="col">${t('evaluate.task')}</th>
                <th scope="col" class="right">${t('evaluate.difference')}</th>
                <th scope="col" class="right">p</th>
                <th scope="col" class="right">${t('evaluate.itemCount')}</th>
              </tr>
            </thead>
            <tbody>
              ${all.map(
                (d) => html`<tr>
                  <th scope="row">${d.first} → ${d.second}</th>
                  <td>${TASKS[d.task] ?? t('evaluate.all')}</td>
                  <td class="right">${d.difference > 0 ? '+' : ''}${number(PERCENT * d.difference, 1)} ± ${number(PERCENT * d.interval_95, 1)}</td>
                  <td class="right">${number(d.p_value, DIGITS)}</td>
                  <td class="right">${number(d.items)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>`,
    );
  }

  /** @param {any} training */
  #training(training) {
    if (!training) {
      return '';
    }
    const curve = training.curve ?? [];
    const run = {
      name: this.report.name,
      points: curve.filter((entry) => entry.loss !== undefined),
      validation: curve.filter((entry) => entry.validation_loss !== undefined).map((entry) => ({step: entry.step, loss: entry.validation_loss})),
    };
    return html`<section class="block" aria-labelledby="cook-training" data-test="cook-training">
      <h2 id="cook-training">${t('nav.tune')}</h2>
      ${when(
        finite(training.loss_before) !== undefined,
        () => html`<p>
          ${t(training.better ? 'tune.better' : 'tune.notBetter', {
            before: number(training.loss_before, DIGITS),
            after: number(training.loss_after, DIGITS),
            gain: number(training.gain, DIGITS),
            error: number(training.gain_stderr, DIGITS),
          })}
        </p>`,
      )}
      <sz-tune-curves .runs=${[run]}></sz-tune-curves>
    </section>`;
  }

  /** @param {any} curation */
  #curation(curation) {
    return when(
      curation,
      () => html`<section class="block" aria-labelledby="cook-curation" data-test="cook-curation">
        <h2 id="cook-curation">${t('cook.curation')}</h2>
        <p>${t('cook.curated', {read: number(curation.read), kept: number(curation.kept), removed: number(curation.removed)})}</p>
        <details class="fold">
          <summary>${t('cook.rules')}</summary>
          <table class="table-plain small">
            <thead>
              <tr>
                <th scope="col">${t('cook.rule')}</th>
                <th scope="col" class="right">${t('cook.removed')}</th>
                <th scope="col" class="right">${t('cook.changed')}</th>
              </tr>
            </thead>
            <tbody>
              ${(curation.rules ?? []).map(
                (rule) => html`<tr>
                  <th scope="row">${rule.rule}</th>
                  <td class="right">${number(rule.removed)}</td>
                  <td class="right">${number(rule.changed)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </details>
      </section>`,
    );
  }

  /** @param {any[]} models */
  #samples(models) {
    const prompts = models[0]?.samples ?? [];
    return when(
      prompts.length > 0,
      () => html`<details class="fold block">
        <summary>${t('tune.samples')}</summary>
        ${prompts.map(
          ({prompt}, i) => html`<h3 dir="auto">${prompt}</h3>
            <dl class="facts">
              ${models.map(
                (model) => html`<div>
                  <dt>${model.model}</dt>
                  <dd class="prose" dir="auto">${model.samples?.[i]?.continuation ?? ''}</dd>
                </div>`,
              )}
            </dl>`,
        )}
      </details>`,
    );
  }

  /** @param {any[]} files */
  #files(files) {
    return html`<details class="fold block" data-test="cook-files">
      <summary>${t('cook.files')}</summary>
      <div class="report__scroll" tabindex="0" role="region" aria-label=${t('cook.files')}>
        <table class="table-plain small">
          <thead>
            <tr>
              <th scope="col">${t('job.path')}</th>
              <th scope="col" class="right">${t('report.size')}</th>
              <th scope="col">${t('evaluate.digest')}</th>
            </tr>
          </thead>
          <tbody>
            ${files.map(
              (file) => html`<tr>
                <th scope="row" class="wrap">${file.file}</th>
                <td class="right">${bytes(file.bytes)}</td>
                <td class="wrap"><code>${file.sha256}</code></td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }
}
customElements.define('sz-cook-report', CookReport);

/** A number, or nothing: JSON may have NaN as a word. @param {unknown} value @returns {number | undefined} */
function finite(value) {
  return Number.isFinite(value) ? /** @type {number} */ (value) : undefined;
}
