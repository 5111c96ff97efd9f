import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {apiKey, ask, get, post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, plural, t} from 'app/core/i18n.js';
import {go, place} from 'app/core/router.js';
import {jobButtons, stateBadge} from 'app/jobs/actions.js';
import {visible} from 'app/markdown/visible.js';
import {chooseFiles, download} from 'app/parts/clipboard.js';
import {confirmDialog} from 'app/parts/dialog.js';
import {progressBar} from 'app/parts/progress.js';
import {notices, trying} from 'app/parts/toast.js';

import 'app/data/recipe.js';
import 'app/data/rows.js';

const PARTS = ['result', 'groups', 'map', 'recipe'];

/** One curation: its counts with examples, groups of duplicates, the map, the recipe. */
class CurationElement extends SnoozyElement {
  static properties = {
    name: {attribute: false},
    filters: {attribute: false},
    job: {attribute: false},
    data: {state: true},
    part: {state: true},
    rule: {state: true},
  };

  constructor() {
    super();
    this.name = '';
    /** @type {any[]} */
    this.filters = [];
    /** @type {any} */
    this.job = null;
    /** @type {any} */
    this.data = null;
    this.part = 'recipe';
    /** Whose rows are shown. @type {string | null} */
    this.rule = null;
  }

  willUpdate(changed) {
    if (changed.has('name') && this.name) {
      this.data = null;
      this.rule = null;
      this.#first();
    }
  }

  get #path() {
    return `data/${encodeURIComponent(this.name)}`;
  }

  async #first() {
    await this.load();
    this.part = this.data?.report ? 'result' : 'recipe';
  }

  /** Asks again, as a run has ended. */
  async load() {
    await trying(async () => {
      this.data = await get(this.#path);
    });
  }

  async #run() {
    if (await trying(() => post(`${this.#path}/run`))) {
      this.tell('changed');
    }
  }

  async #delete() {
    const text = t('data.deleteText', {name: this.name, folder: this.data.folder});
    if (await confirmDialog({title: t('delete'), text, action: t('delete'), danger: true})) {
      await trying(async () => {
        await remove(this.#path);
        this.tell('changed'); // while it is on the page
        go('data');
      });
    }
  }

  async #takeMarks() {
    const [file] = await chooseFiles('.json,application/json', false);
    if (file) {
      await trying(async () => {
        this.data = await post(`${this.#path}/marks`, {marks: await file.text()});
        notices.show({text: plural('data.marked', this.data.marked)});
      });
    }
  }

  async #saveMap() {
    await trying(async () => download(`${this.name}-map.html`, await (await ask('GET', `${this.#path}/map`)).blob()));
  }

  render() {
    if (!this.data) {
      return html``;
    }
    const {report} = this.data;
    return html`<section class="block" aria-label=${this.name} data-test="curation">
      <div class="row">
        <h2 class="grow card__name">${this.name}</h2>
        ${this.job
          ? nothing
          : html`<button class="button button--main" data-test="run-curation" ?disabled=${Boolean(this.data.error)} @click=${() => this.#run()}>${icon('play')}${t('data.run')}</button>`}
        <button class="icon-button" aria-label=${t('data.deleteNamed', {name: this.name})} title=${t('delete')} data-test="delete-curation" @click=${() => this.#delete()}>${icon('trash')}</button>
        <a class="icon-button" href=${place('data')} aria-label=${t('close')}>${icon('close')}</a>
      </div>
      ${this.job ? this.#progress() : nothing}
      <div class="tabs" role="group" aria-label=${t('data.parts')}>
        ${PARTS.map(
          (part) => html`<button class="tab" aria-pressed=${part === this.part} ?disabled=${part !== 'recipe' && !report} data-test="part-${part}" @click=${() => (this.part = part)}>${t('data.part.' + part)}</button>`,
        )}
      </div>
      ${this.part === 'recipe' || !report
        ? html`<sz-recipe .name=${this.name} .data=${this.data} .filters=${this.filters} @saved=${(e) => (this.data = e.detail)}></sz-recipe>`
        : this.part === 'groups'
          ? html`<sz-groups .name=${this.name} .report=${report}></sz-groups>`
          : this.part === 'map'
            ? this.#map()
            : this.#result(report)}
    </section>`;
  }

  #progress() {
    return html`<div class="download" data-test="curating">
      <div class="row"><a class="grow" href=${place('jobs', this.job.id)}>${this.job.title}</a>${stateBadge(this.job)}</div>
      ${this.job.error ? html`<p class="bad small">${this.job.error}</p>` : nothing}
      ${progressBar(this.job.progress ?? {}, this.job.title)}
      <div class="row">
        ${jobButtons(this.job, async (work) => {
          await trying(work);
          this.tell('changed');
        })}
      </div>
    </div>`;
  }

  /** @param {any} report */
  #result(report) {
    const fact = (name, value) => html`<div><dt>${t('data.fact.' + name)}</dt><dd data-test="fact-${name}">${number(value)}</dd></div>`;
    return html`<dl class="facts facts--row">
        ${['read', 'kept', 'removed', 'changed', 'malformed', 'train', 'validation'].map((name) => fact(name, report[name]))}
      </dl>
      <p class="soft small card__place">${t('data.folder', {folder: this.data.folder})}</p>
      <h3>${t('data.rules')}</h3>
      <div class="report__scroll report__scroll--all" tabindex="0" role="region" aria-label=${t('data.rules')}>
        <table class="table-plain" data-test="rules">
          <thead>
            <tr><th scope="col">${t('data.rule')}</th><th scope="col" class="right">${t('data.fact.removed')}</th><th scope="col" class="right">${t('data.fact.changed')}</th><th scope="col"><span class="only-spoken">${t('data.show')}</span></th></tr>
          </thead>
          <tbody>
            ${report.rules.map(
              (rule) => html`<tr>
                <td>${rule.rule}</td>
                <td class="right">${number(rule.removed)}</td>
                <td class="right">${number(rule.changed)}</td>
                <td class="right">
                  ${when(
                    rule.removed > 0,
                    () => html`<button class="icon-button" aria-label=${t('data.showNamed', {rule: rule.rule})} title=${t('data.show')} aria-pressed=${this.rule === rule.rule} data-test="show-${rule.rule}" @click=${() => (this.rule = this.rule === rule.rule ? null : rule.rule)}>${icon('eye')}</button>`,
                  )}
                </td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${when(this.rule !== null, () => html`<sz-removed .name=${this.name} .rule=${this.rule}></sz-removed>`)}
      <h3>${t('data.sources')}</h3>
      <table class="table-plain" data-test="sources">
        <thead>
          <tr><th scope="col">${t('data.source')}</th><th scope="col" class="right">${t('data.fact.read')}</th><th scope="col" class="right">${t('data.fact.kept')}</th></tr>
        </thead>
        <tbody>
          ${report.sources.map((one) => html`<tr><td class="wrap" dir="auto">${visible(one.source)}</td><td class="right">${number(one.read)}</td><td class="right">${number(one.kept)}</td></tr>`)}
        </tbody>
      </table>`;
  }

  /** It is no part of this page: it opens in a tab of its own, in which it can ask nothing. */
  #map() {
    if (!this.data.map) {
      return html`<p class="soft">${t('data.noMap')}</p>`;
    }
    const address = new URL(`api/${this.#path}/map`, document.baseURI);
    return html`<p class="prose">${t('data.mapText')}</p>
      <div class="row">
        ${when(
          !apiKey.get(),
          () => html`<a class="button button--main" href=${address} target="_blank" rel="noopener noreferrer" data-test="open-map">${icon('eye')}${t('data.openMap')}</a>`,
        )}
        <button class="button" data-test="save-map" @click=${() => this.#saveMap()}>${icon('download')}${t('data.saveMap')}</button>
        <button class="button" data-test="take-marks" @click=${() => this.#takeMarks()}>${icon('upload')}${t('data.takeMarks')}</button>
      </div>`;
  }
}
customElements.define('sz-curation', CurationElement);
