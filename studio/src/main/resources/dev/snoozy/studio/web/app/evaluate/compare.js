import {SnoozyElement, html, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {number, t} from 'app/core/i18n.js';
import {TASKS} from 'app/evaluate/state.js';
import {trying} from 'app/parts/toast.js';

import 'app/evaluate/items.js';

const PERCENT = 100;
const P_DIGITS = 4;

/** Two results on the same items: the differences, and the items on which only one is right. */
class EvaluateCompare extends SnoozyElement {
  static properties = {
    first: {attribute: false},
    second: {attribute: false},
    names: {attribute: false},
    found: {state: true},
    open: {state: true},
  };

  constructor() {
    super();
    this.first = '';
    this.second = '';
    /** What the two are called. @type {string[]} */
    this.names = [];
    /** @type {any} */
    this.found = null;
    /** The items that are looked at. @type {{task: string, show: string} | null} */
    this.open = null;
  }

  willUpdate(changed) {
    if (changed.has('first') || changed.has('second')) {
      this.found = null;
      this.open = null;
      this.#load();
    }
  }

  async #load() {
    const {first, second} = this;
    const query = new URLSearchParams({first, second});
    const found = await trying(() => get(`evaluate/compare?${query}`));
    if (first === this.first && second === this.second) {
      this.found = found ?? null;
    }
  }

  render() {
    const {found} = this;
    return html`<section class="block" aria-labelledby="evaluate-compare" data-test="evaluate-compared">
      <h2 id="evaluate-compare">${t('evaluate.compared', {first: this.names[0], second: this.names[1]})}</h2>
      <p class="soft small">${t('evaluate.comparedText')}</p>
      ${when(found && found.differences.length === 0, () => html`<p>${t('evaluate.nothingCommon')}</p>`)}
      ${when(found?.differences.length > 0, () => this.#table(found.differences))}
      ${when(
        found?.apart.length > 0,
        () => html`<p class="soft small">${t('evaluate.apart', {tasks: found.apart.map((task) => TASKS[task]).join(', ')})}</p>`,
      )}
      ${when(
        this.open,
        () => html`<sz-evaluate-items .run=${this.first} .other=${this.second} .names=${this.names} .task=${this.open.task} .show=${this.open.show}></sz-evaluate-items>`,
      )}
    </section>`;
  }

  /** @param {any[]} differences */
  #table(differences) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('evaluate.differences')}>
      <table class="table-plain small">
        <thead>
          <tr>
            <th scope="col">${t('evaluate.task')}</th>
            <th scope="col" class="right">${t('evaluate.difference')}</th>
            <th scope="col" class="right">p</th>
            <th scope="col" class="right">${t('evaluate.itemCount')}</th>
            <th scope="col" class="right">${t('evaluate.only', {name: this.names[0]})}</th>
            <th scope="col" class="right">${t('evaluate.only', {name: this.names[1]})}</th>
          </tr>
        </thead>
        <tbody>
          ${differences.map(
            (d) => html`<tr data-test="evaluate-difference">
              <th scope="row">${TASKS[d.task] ?? t('evaluate.all')}</th>
              <td class="right">${d.difference > 0 ? '+' : ''}${number(PERCENT * d.difference, 1)} ± ${number(PERCENT * d.interval, 1)}</td>
              <td class="right">${number(d.p, P_DIGITS)}</td>
              <td class="right">${number(d.items)}</td>
              <td class="right">${this.#count(d.task, 'first', d.onlyFirst)}</td>
              <td class="right">${this.#count(d.task, 'second', d.onlySecond)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** @param {string} task @param {string} show @param {number} count */
  #count(task, show, count) {
    return TASKS[task] && count > 0
      ? html`<button
          class="button button--small"
          data-test="only-${show}-${task}"
          aria-label=${t('evaluate.showOnly', {task: TASKS[task], name: this.names[show === 'first' ? 0 : 1], count: number(count)})}
          @click=${() => {
            this.open = {task, show};
          }}
        >
          ${number(count)}
        </button>`
      : number(count);
  }
}
customElements.define('sz-evaluate-compare', EvaluateCompare);
