import {SnoozyElement, html, when} from 'app/core/element.js';
import {get, post, remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {bytes, number, t} from 'app/core/i18n.js';
import {go} from 'app/core/router.js';
import {announce, chatWith, writes} from 'app/models/begin.js';
import {jobDialog} from 'app/models/dialogs.js';
import {fitLine} from 'app/models/fit.js';
import {confirmDialog} from 'app/parts/dialog.js';
import {notices, trying} from 'app/parts/toast.js';

import 'app/models/downloads.js';
import 'app/models/hub.js';
import 'app/parts/menu.js';

/** The models: what is here, what is in memory, and what can be made of them. */
class ModelsPage extends SnoozyElement {
  static properties = {models: {state: true}, system: {state: true}, loaded: {state: true}, busy: {state: true}};

  constructor() {
    super();
    /** @type {any[]} */
    this.models = [];
    /** @type {any} */
    this.system = null;
    this.loaded = false;
    /** What the server can do as jobs. @type {Set<string>} */
    this.kinds = new Set();
    /** @type {Set<string>} */
    this.busy = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    await trying(async () => {
      const [{models}, system, {kinds}] = await Promise.all([get('models'), get('system'), get('jobs')]);
      this.models = models;
      this.kinds = new Set(kinds ?? []);
      this.system = system;
      this.loaded = true;
    });
  }

  /** @param {string} name @param {'load' | 'unload'} verb */
  async #set(name, verb) {
    this.busy = new Set([...this.busy, name]);
    await trying(() => post(`models/${encodeURIComponent(name)}/${verb}`));
    this.busy = new Set([...this.busy].filter((n) => n !== name));
    await this.#load();
  }

  /** @param {any} model */
  async #delete(model) {
    const text = t('models.deleteText', {name: model.name, size: bytes(model.bytes)});
    if (await confirmDialog({title: t('delete'), text, action: t('delete'), danger: true})) {
      await trying(() => remove(`models/${encodeURIComponent(model.name)}`));
      await this.#load();
    }
  }

  /** @param {string} kind @param {any} model */
  async #job(kind, model) {
    const job = await jobDialog(kind, model);
    if (job) {
      notices.show({text: t('jobs.begun'), action: {text: t('jobs.show'), run: () => go('jobs', job.id)}});
    }
  }

  async #convert() {
    const job = await jobDialog('convert', {name: ''});
    if (job) {
      go('jobs', job.id);
    }
  }

  async #import() {
    const job = await jobDialog('import', {name: ''});
    if (job) {
      await trying(() => this.querySelector('sz-downloads').expect(job.id));
    }
  }

  /** A download has begun: it is shown where it can be stopped. @param {string} job */
  async #pulled(job) {
    const downloads = this.querySelector('sz-downloads');
    await trying(() => downloads.expect(job));
    await downloads.updateComplete;
    downloads.scrollIntoView({block: 'nearest'});
    notices.speak(t('jobs.begun'));
  }

  /** A model is here. @param {string} job that has brought it */
  async #arrived(job) {
    await this.#load();
    const result = await trying(() => announce(job));
    if (result?.reference) {
      this.querySelector('sz-hub')?.mark(result.reference);
    }
  }

  /** @param {any} model */
  #items(model) {
    return [
      ...Object.entries({bench: 'play', perplexity: 'lab', quantize: 'sliders'})
        .filter(([kind]) => this.kinds.has(kind))
        .map(([kind, sign]) => ({text: t('job.' + kind), icon: sign, run: () => this.#job(kind, model)})),
      ...(model.source === 'installation'
        ? []
        : [{text: t('delete'), icon: 'trash', danger: true, run: () => this.#delete(model)}]),
    ];
  }

  render() {
    const memory = this.system?.memory;
    return html`<div class="page">
      <header class="page__head">
        <h1>${t('nav.models')}</h1>
        ${when(
          memory?.total,
          () => html`<p class="soft small">${t('models.memory', {used: bytes(memory.used ?? 0), free: bytes(memory.free ?? 0), total: bytes(memory.total)})}</p>`,
        )}
      </header>
      <div class="page__body">
        <div class="row row--between">
          <h2>${t('models.here')}</h2>
          <div class="row">
            ${when(
              this.kinds.has('import'),
              () => html`<button class="button" data-test="import" @click=${() => this.#import()}>${icon('folder')}${t('job.import')}</button>`,
            )}
            ${when(
              this.kinds.has('convert'),
              () => html`<button class="button" data-test="convert" @click=${() => this.#convert()}>${icon('plus')}${t('job.convert')}</button>`,
            )}
          </div>
        </div>
        ${when(this.loaded && this.models.length === 0, () => html`<p class="soft">${t('models.none')}</p>`)}
        <ul class="plain cards">
          ${this.models.map((model) => this.#card(model))}
        </ul>
        <sz-downloads @arrived=${(e) => this.#arrived(e.detail)}></sz-downloads>
        ${when(
          this.kinds.has('pull'),
          () => html`<sz-hub .searches=${Boolean(this.system?.features?.includes('hub'))} @pulled=${(e) => this.#pulled(e.detail)}></sz-hub>`,
        )}
      </div>
    </div>`;
  }

  /** @param {any} model */
  #card(model) {
    const isBusy = this.busy.has(model.name);
    const facts = [
      model.quant,
      model.bytes && bytes(model.bytes),
      model.parameters && t('models.parameters', {count: compact(model.parameters)}),
      model.contextLength && t('models.context', {count: number(model.contextLength)}),
      model.architecture,
    ].filter(Boolean);
    return html`<li class="card" data-test="model-card">
      <div class="row">
        <h3 class="grow card__name">${model.name}</h3>
        ${when(model.loaded, () => html`<span class="badge badge--good">${t('models.loaded')}</span>`)}
        <sz-menu .label=${t('models.menu', {name: model.name})} .items=${() => this.#items(model)}></sz-menu>
      </div>
      <p class="soft small">${facts.join(' · ')}</p>
      ${when(model.why, () => html`<p class="notice notice--bad small">${model.why}</p>`)} ${fitLine(model.fit)}
      ${when(
        model.speed,
        () => html`<p class="small">${speedLine(model.speed)}</p>`,
      )}
      ${when(model.memory, () => html`<p class="small">${t('models.inMemory', {size: bytes(model.memory)})}</p>`)}
      <div class="row">
        ${model.loaded
          ? html`<button class="button button--small" ?disabled=${isBusy} @click=${() => this.#set(model.name, 'unload')}>${t('models.unload')}</button>`
          : html`<button class="button button--small" ?disabled=${isBusy || Boolean(model.why)} @click=${() => this.#set(model.name, 'load')}>
              ${isBusy ? t('models.loading') : t('models.load')}
            </button>`}
        ${when(
          writes(model),
          () => html`<button class="button button--small" data-test="chat-with" @click=${() => chatWith(model.name)}>${icon('chat')}${t('models.chat')}</button>`,
        )}
      </div>
    </li>`;
  }
}
customElements.define('sz-models-page', ModelsPage);

/** What was measured, or seen of answers, which may have said nothing of prompts. @param {{pp: number | null, tg: number}} speed */
function speedLine({pp, tg}) {
  return pp ? t('models.speed', {pp: number(pp, 0), tg: number(tg, 1)}) : t('models.speed.writes', {tg: number(tg, 1)});
}

/** @param {number} value */
function compact(value) {
  const [unit, size] = value >= 1e9 ? ['B', 1e9] : value >= 1e6 ? ['M', 1e6] : ['K', 1e3];
  return `${number(value / size, value / size < 10 ? 1 : 0)} ${unit}`;
}
