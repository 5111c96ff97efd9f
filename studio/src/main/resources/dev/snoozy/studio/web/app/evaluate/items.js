import {SnoozyElement, html, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {TASKS} from 'app/evaluate/state.js';
import {trying} from 'app/parts/toast.js';

const COUNT = 20;
const DIGITS = 3;
const SHOWN = ['all', 'right', 'wrong'];
const BOTH = ['all', 'first', 'second'];

/** The items of a task as a model has judged them: each answer with its score, the right one, the chosen one. */
class EvaluateItems extends SnoozyElement {
  static properties = {
    run: {attribute: false},
    other: {attribute: false},
    names: {attribute: false},
    task: {attribute: false},
    show: {attribute: false},
    from: {state: true},
    page: {state: true},
  };

  constructor() {
    super();
    this.run = '';
    /** A second result beside, or "". */
    this.other = '';
    /** What they are called. @type {string[]} */
    this.names = [];
    this.task = '';
    this.show = 'all';
    this.from = 0;
    /** @type {any} */
    this.page = null;
  }

  willUpdate(changed) {
    if (['run', 'other', 'task', 'show'].some((name) => changed.has(name))) {
      this.from = 0;
      this.page = null;
      this.#load();
    } else if (changed.has('from')) {
      this.#load();
    }
  }

  async #load() {
    const {run, other, task, show, from} = this;
    const query = new URLSearchParams({task, show, from: String(from), count: String(COUNT), ...(other ? {other} : {})});
    const page = await trying(() => get(`evaluate/runs/${encodeURIComponent(run)}/items?${query}`));
    if (run === this.run && other === this.other && task === this.task && show === this.show && from === this.from) {
      this.page = page ?? null;
    }
  }

  render() {
    const {page} = this;
    return html`<section class="evaluate__items" aria-label=${t('evaluate.itemsOf', {task: TASKS[this.task]})} data-test="evaluate-items">
      <div class="row row--between">
        <h3>${t('evaluate.itemsOf', {task: TASKS[this.task]})}</h3>
        <div class="tabs" role="group" aria-label=${t('evaluate.show')}>
          ${(this.other ? BOTH : SHOWN).map(
            (show) => html`<button
              class="tab"
              aria-pressed=${this.show === show ? 'true' : 'false'}
              data-test="show-${show}"
              @click=${() => {
                this.show = show;
              }}
            >
              ${this.#showName(show)}
            </button>`,
          )}
        </div>
      </div>
      ${when(
        page,
        () => html`
          ${when(!page.words, () => html`<p class="soft small">${t('evaluate.noWords')}</p>`)}
          ${when(page.total === 0, () => html`<p class="soft">${t('evaluate.noItems')}</p>`)}
          ${page.items.map((item) => this.#item(item))} ${this.#pager(page)}
        `,
      )}
    </section>`;
  }

  /** @param {string} show */
  #showName(show) {
    if (show === 'first' || show === 'second') {
      return t('evaluate.only', {name: this.names[show === 'first' ? 0 : 1]});
    }
    return t(`evaluate.show.${show}`);
  }

  /** @param {any} page */
  #pager(page) {
    return when(
      page.total > COUNT,
      () => html`<div class="row">
        <button
          class="button button--small"
          ?disabled=${this.from === 0}
          @click=${() => {
            this.from = Math.max(0, this.from - COUNT);
          }}
        >
          ${icon('left')}${t('evaluate.before')}
        </button>
        <span class="soft small" role="status"
          >${t('evaluate.range', {
            from: number(page.from + 1),
            to: number(page.from + page.items.length),
            all: number(page.total),
          })}</span
        >
        <button
          class="button button--small"
          data-test="evaluate-next"
          ?disabled=${this.from + COUNT >= page.total}
          @click=${() => {
            this.from += COUNT;
          }}
        >
          ${t('evaluate.after')}${icon('right')}
        </button>
      </div>`,
    );
  }

  /** @param {any} item */
  #item(item) {
    return html`<article class="cell" data-test="evaluate-item">
      <div class="row">
        <h4 class="grow">${t('evaluate.item', {index: number(item.index)})}</h4>
        <span class="badge badge--${item.right ? 'good' : 'bad'}">${t(item.right ? 'evaluate.right' : 'evaluate.wrong')}</span>
        ${when(item.truncated, () => html`<span class="badge badge--warn">${t('evaluate.truncated')}</span>`)}
      </div>
      ${when(item.question, () => html`<p class="prose evaluate__question" dir="auto">${item.question}</p>`)}
      <div class="scroll" tabindex="0" role="region" aria-label=${t('evaluate.answersOf', {index: number(item.index)})}>
        <table class="table-plain small">
          <thead>
            <tr>
              <th scope="col">${t('evaluate.answer')}</th>
              <th scope="col" class="right">${t('evaluate.score')}</th>
              <th scope="col" class="right">${t('evaluate.normalised')}</th>
              <th scope="col" class="right">${t('evaluate.tokens')}</th>
              <th scope="col">${t('evaluate.mark')}</th>
            </tr>
          </thead>
          <tbody>
            ${item.scores.map((score, i) => this.#answer(item, score, i))}
          </tbody>
        </table>
      </div>
    </article>`;
  }

  /** @param {any} item @param {number} score @param {number} i */
  #answer(item, score, i) {
    const chosen = (result, name) => (result.choice === i ? [name ? t('evaluate.chosenBy', {name}) : t('evaluate.chosen')] : []);
    const marks = [
      ...(item.gold === i ? [t('evaluate.rightOne')] : []),
      ...chosen(item, item.other ? this.names[0] : ''),
      ...(item.other ? chosen(item.other, this.names[1]) : []),
    ];
    return html`<tr>
      <th scope="row" class="wrap" dir="auto">${item.answers?.[i] ?? number(i + 1)}</th>
      <td class="right">${number(score, DIGITS)}${item.other ? html`<br /><span class="soft">${number(item.other.scores[i], DIGITS)}</span>` : ''}</td>
      <td class="right">
        ${number(item.normalised[i], DIGITS)}${item.other ? html`<br /><span class="soft">${number(item.other.normalised[i], DIGITS)}</span>` : ''}
      </td>
      <td class="right">${number(item.tokens[i])}</td>
      <td class=${item.gold === i ? 'good' : ''}>${marks.join(' · ')}</td>
    </tr>`;
  }
}
customElements.define('sz-evaluate-items', EvaluateItems);
