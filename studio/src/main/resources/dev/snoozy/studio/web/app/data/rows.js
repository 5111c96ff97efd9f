import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {number, plural, t} from 'app/core/i18n.js';
import {visible} from 'app/markdown/visible.js';
import {trying} from 'app/parts/toast.js';

const ROWS = 20;
const GROUPS = 10;

/**
 * A row of the data as text, whatever stands in it.
 * @param {any} row @param {string} title
 */
function rowView(row, title) {
  return html`<article class="datarow" data-test="row">
    <p class="small"><b>${title}</b>${row.file ? html` <span class="soft">${visible(row.file)}, ${t('documents.line', {line: number(row.line)})}</span>` : nothing}</p>
    ${row.reason && !row.kept ? html`<p class="small warn" dir="auto">${visible(row.reason)}</p>` : nothing}
    ${(row.messages ?? []).map(
      (message) => html`<div class="datarow__said">
        <span class="soft small">${message.role}</span>
        <div class="datarow__text" dir="auto">${visible(message.content)}${message.cut ? ' …' : ''}</div>
      </div>`,
    )}
  </article>`;
}

/** Rows that a rule has removed, with the reason of each. */
class Removed extends SnoozyElement {
  static properties = {name: {attribute: false}, rule: {attribute: false}, rows: {state: true}, more: {state: true}};

  constructor() {
    super();
    this.name = '';
    this.rule = '';
    /** @type {any[]} */
    this.rows = [];
    this.more = false;
  }

  willUpdate(changed) {
    if (changed.has('rule') || changed.has('name')) {
      this.rows = [];
      this.#load();
    }
  }

  async #load() {
    const rule = this.rule;
    const query = `rule=${encodeURIComponent(rule)}&from=${this.rows.length}&limit=${ROWS}`;
    const answer = await trying(() => get(`data/${encodeURIComponent(this.name)}/removed?${query}`));
    if (answer && rule === this.rule) {
      this.rows = [...this.rows, ...answer.rows];
      this.more = answer.more;
    }
  }

  render() {
    return html`<section class="datarows" aria-label=${t('data.removedBy', {rule: this.rule})} data-test="removed-rows">
      <h3>${t('data.removedBy', {rule: this.rule})}</h3>
      ${this.rows.map((row, i) => rowView(row, t('data.row', {index: number(i + 1)})))}
      ${when(this.more, () => html`<button class="button button--small" @click=${() => this.#load()}>${t('data.more')}</button>`)}
    </section>`;
  }
}
customElements.define('sz-removed', Removed);

/** Duplicates, each group beside the row that was kept. */
class Groups extends SnoozyElement {
  static properties = {name: {attribute: false}, report: {attribute: false}, groups: {state: true}, more: {state: true}, busy: {state: true}};

  constructor() {
    super();
    this.name = '';
    /** The report: when it changes, so have the groups. @type {any} */
    this.report = null;
    /** @type {any[]} */
    this.groups = [];
    this.more = false;
    this.busy = true;
  }

  willUpdate(changed) {
    if (changed.has('name') || changed.has('report')) {
      this.groups = [];
      this.#load();
    }
  }

  async #load() {
    this.busy = true;
    const answer = await trying(() => get(`data/${encodeURIComponent(this.name)}/groups?from=${this.groups.length}&limit=${GROUPS}`));
    if (answer) {
      this.groups = [...this.groups, ...answer.groups];
      this.more = answer.more;
    }
    this.busy = false;
  }

  render() {
    return html`<p class="soft small">${t('data.groupsText')}</p>
      ${when(!this.busy && this.groups.length === 0, () => html`<p class="soft">${t('data.noGroups')}</p>`)}
      ${this.groups.map(
        (group, i) => html`<section class="group" data-test="group" aria-label=${t('data.group', {index: number(i + 1)})}>
          <div class="group__kept">${rowView(group.kept, t('data.fact.kept'))}</div>
          <div class="group__removed">
            ${group.removed.map((row) => rowView({...row, kept: true}, `${t('data.fact.removed')} (${row.rule})`))}
            ${when(group.more > 0, () => html`<p class="soft small">${plural('data.moreRows', group.more)}</p>`)}
          </div>
        </section>`,
      )}
      ${when(this.more, () => html`<button class="button button--small" ?disabled=${this.busy} @click=${() => this.#load()}>${t('data.more')}</button>`)}`;
  }
}
customElements.define('sz-groups', Groups);
