import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get, patch, post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {bytes, number, plural, t} from 'app/core/i18n.js';
import {go, place} from 'app/core/router.js';
import {collections} from 'app/documents/collections.js';
import {embedderSelect, placeDialog} from 'app/documents/dialogs.js';
import {openAt} from 'app/documents/reader.js';
import {jobButtons} from 'app/jobs/actions.js';
import {visible} from 'app/markdown/visible.js';
import {confirmDialog} from 'app/parts/dialog.js';
import {progressBar} from 'app/parts/progress.js';
import {trying} from 'app/parts/toast.js';

const MOST = 200;
const STATES = ['', 'indexed', 'empty', 'failed'];
const BADGES = {indexed: 'good', empty: 'warn', failed: 'bad'};

/** One collection: where its documents lie, how it is read, and what became of each file. */
class CollectionElement extends SnoozyElement {
  static properties = {
    collection: {attribute: false},
    job: {attribute: false},
    models: {attribute: false},
    open: {type: Boolean},
    files: {state: true},
    status: {state: true},
  };

  constructor() {
    super();
    /** @type {import('./collections.js').Collection} */
    this.collection = {name: '', places: [], embedder: '', indexed: 0, empty: 0, failed: 0, passages: 0};
    /** @type {any} */
    this.job = null;
    /** @type {any[]} */
    this.models = [];
    this.open = false;
    /** @type {{total: number, files: any[]} | null} */
    this.files = null;
    this.status = '';
    this.seen = '';
  }

  /** The files are asked for again when they have changed. */
  updated() {
    const {name, indexed, empty, failed, passages} = this.collection;
    const state = [name, indexed, empty, failed, passages, this.status].join('\n');
    if (this.open && this.seen !== state) {
      this.seen = state;
      this.#load(0);
    }
  }

  get #path() {
    return `documents/${encodeURIComponent(this.collection.name)}`;
  }

  /** @param {number} from */
  async #load(from) {
    const more = await trying(() => get(`${this.#path}/files?status=${this.status}&from=${from}&limit=${MOST}`));
    if (more) {
      this.files = {total: more.total, files: from > 0 ? [...this.files.files, ...more.files] : more.files};
    }
  }

  /** @param {() => Promise<any>} work */
  async #do(work) {
    if (await trying(async () => (await work()) ?? true)) {
      this.tell('changed');
    }
  }

  async #forget() {
    const {name} = this.collection;
    const text = t('documents.forgetText', {name});
    if (await confirmDialog({title: t('documents.forget'), text, action: t('documents.forget'), danger: true})) {
      await trying(async () => {
        await remove(this.#path);
        this.tell('changed'); // while it is on the page
        go('documents');
      });
    }
  }

  /** @param {string} path */
  async #takeOut(path) {
    const text = t('documents.takeOutText', {path});
    if (await confirmDialog({title: t('documents.takeOut'), text, action: t('documents.takeOut'), danger: true})) {
      await this.#do(() => post(`${this.#path}/remove`, {path}));
    }
  }

  async #add() {
    if (await placeDialog(this.models, this.collection)) {
      this.tell('changed');
    }
  }

  render() {
    const {name, places, embedder, indexed, empty, failed, passages} = this.collection;
    return html`<section class=${this.open ? 'block' : 'card'} data-test="collection" aria-label=${name}>
      <div class="row">
        <h2 class="grow card__name" dir="auto">
          ${this.open ? name : html`<a href=${place('documents', 'collection', name)}>${name}</a>`}
        </h2>
        ${this.open ? html`<a class="icon-button" href=${place('documents')} aria-label=${t('close')}>${icon('close')}</a>` : nothing}
      </div>
      <p class="small" data-test="counts">
        ${plural('documents.files', indexed)}, ${plural('documents.passages', passages)}
        ${when(empty > 0, () => html` · <span class="warn">${plural('documents.empty', empty)}</span>`)}
        ${when(failed > 0, () => html` · <span class="bad">${plural('documents.failed', failed)}</span>`)}
      </p>
      <p class="soft small">${embedder ? t('documents.with', {model: embedder}) : t('documents.words')}</p>
      ${this.job ? this.#progress() : nothing} ${this.open ? this.#details(places, embedder) : nothing}
      <div class="row">
        ${when(
          !this.job,
          () => html`<button class="button button--small" data-test="update" @click=${() => this.#do(() => post(`${this.#path}/update`))}>${icon('redo')}${t('documents.update')}</button>`,
        )}
        <button class="button button--small" data-test="add-place" @click=${() => this.#add()}>${icon('plus')}${t('documents.addPlace')}</button>
        <button class="button button--small" data-test="forget" @click=${() => this.#forget()}>${icon('trash')}${t('documents.forget')}</button>
      </div>
    </section>`;
  }

  #progress() {
    return html`<div class="download" data-test="reading">
      ${this.job.error ? html`<p class="bad small">${this.job.error}</p>` : nothing}
      ${progressBar(this.job.progress ?? {}, this.job.title)}
      <div class="row">${jobButtons(this.job, (work) => this.#do(work))}
        <a class="small" href=${place('jobs', this.job.id)}>${t('documents.eachFile')}</a></div>
    </div>`;
  }

  /** @param {string[]} places @param {string} embedder */
  #details(places, embedder) {
    return html`<h3>${t('documents.places')}</h3>
      <ul class="plain">
        ${places.map(
          (path) => html`<li class="row">
            ${icon('folder')}<span class="grow card__place">${visible(path)}</span>
            <button class="icon-button" aria-label=${t('documents.takeOutNamed', {path})} title=${t('documents.takeOut')} data-test="take-out" @click=${() => this.#takeOut(path)}>${icon('close')}</button>
          </li>`,
        )}
      </ul>
      <div class="field--embedder">
        ${embedderSelect(this.models, embedder, (model) => this.#do(() => patch(this.#path, {embedder: model})))}
      </div>
      <div class="row row--between">
        <h3>${t('documents.eachFile')}</h3>
        <div class="tabs" role="group" aria-label=${t('documents.show')}>
          ${STATES.map(
            (state) => html`<button class="tab" aria-pressed=${state === this.status} data-test="show-${state || 'all'}" @click=${() => (this.status = state)}>${t('documents.state.' + (state || 'all'))}</button>`,
          )}
        </div>
      </div>
      ${this.files ? this.#list() : nothing}`;
  }

  #list() {
    const {files, total} = this.files;
    return html`<ul class="plain files" data-test="files">
        ${files.map((file) => this.#file(file))}
      </ul>
      ${when(files.length === 0, () => html`<p class="soft small">${t('documents.noFiles')}</p>`)}
      ${when(
        files.length < total,
        () => html`<button class="button button--small" @click=${() => this.#load(files.length)}>${t('documents.moreFiles', {count: number(total - files.length)})}</button>`,
      )}`;
  }

  /** @param {any} file */
  #file(file) {
    const read = file.status === 'indexed';
    return html`<li class="files__one" data-test="file">
      <span class="badge badge--${BADGES[file.status] ?? 'plain'}">${t('documents.state.' + file.status)}</span>
      ${read
        ? html`<button class="link files__name" dir="ltr" @click=${() => openAt({file: file.path, collections: [this.collection.name]})}>${visible(file.path)}</button>`
        : html`<span class="files__name" dir="ltr">${visible(file.path)}</span>`}
      <span class="soft small">${bytes(file.bytes)}${read ? ` · ${plural('documents.passages', file.passages)}` : ''}</span>
      ${when(file.message, () => html`<span class="small ${file.status === 'failed' ? 'bad' : 'soft'} files__why" dir="auto">${visible(file.message)}</span>`)}
    </li>`;
  }
}
customElements.define('sz-collection', CollectionElement);
