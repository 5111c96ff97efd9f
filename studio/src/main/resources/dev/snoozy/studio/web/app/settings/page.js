import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {get} from 'app/core/api.js';
import {LANGUAGES, bytes, language, number, t} from 'app/core/i18n.js';
import {FONT_SIZES, THEMES, settings} from 'app/core/settings.js';
import {exportDialog, importDialog} from 'app/chat/transfer.js';
import {icon} from 'app/core/icons.js';
import {showHelp} from 'app/parts/keys.js';
import {showProblem, trying} from 'app/parts/toast.js';

const GIB = 2 ** 30;

/** The settings, and what there is to know of this machine. */
class SettingsPage extends SnoozyElement {
  static properties = {system: {state: true}, modules: {state: true}, wrong: {state: true}};

  constructor() {
    super();
    /** @type {any} */
    this.system = null;
    /** @type {any[]} */
    this.modules = [];
    /** What is wrong with a field, by its name. @type {Record<string, string>} */
    this.wrong = {};
    this.uses(settings);
  }

  async connectedCallback() {
    super.connectedCallback();
    this.system = (await trying(() => get('system'))) ?? null;
  }

  /** @param {string} name @param {[string, any][]} values @param {any} value @param {(value: any) => string} word */
  #choice(name, values, value, word) {
    return html`<fieldset class="field choice">
      <legend>${t('settings.' + name)}</legend>
      ${values.map(
        ([key, option]) => html`<label
          ><input
            type="radio"
            name=${name}
            data-test="${name}-${key}"
            .checked=${live(option === value)}
            @change=${() => trying(() => settings.change({[name]: option}))}
          /><span>${word(key)}</span></label
        >`,
      )}
    </fieldset>`;
  }

  render() {
    const {values} = settings;
    return html`<div class="page">
      <header class="page__head"><h1>${t('nav.settings')}</h1></header>
      <div class="page__body page__body--narrow">
        <section class="block">
          <h2>${t('settings.look')}</h2>
          ${this.#choice('theme', THEMES.map((x) => [x, x]), values.theme ?? 'system', (key) => t('theme.' + key))}
          ${this.#choice('fontSize', Object.entries(FONT_SIZES), values.fontSize ?? FONT_SIZES.medium, (key) => t('fontSize.' + key))}
          <label class="field field--short"
            ><span>${t('settings.language')}</span>
            <select data-test="language" @change=${(e) => trying(() => settings.change({language: e.target.value}))}>
              ${Object.entries(LANGUAGES).map(
                ([code, name]) => html`<option value=${code} .selected=${live(code === language.code)}>${name}</option>`,
              )}
            </select></label
          >
        </section>
        <section class="block">
          <h2>${t('settings.data')}</h2>
          <p class="soft small">${t('settings.private')}</p>
          <div class="row">
            <button class="button" @click=${() => exportDialog()}>${icon('download')}${t('export.all')}</button>
            <button class="button" @click=${() => importDialog()}>${icon('upload')}${t('import')}</button>
          </div>
        </section>
        ${when(this.system, () => this.#machine())}
        <section class="block">
          <h2>${t('settings.about')}</h2>
          <div class="row">
            <button class="button" @click=${() => showHelp()}>${icon('keyboard')}${t('keys.title')}</button>
          </div>
          <details class="fold" @toggle=${(e) => e.target.open && this.#loadModules()}>
            <summary>${t('settings.modules')}</summary>
            <ul class="plain small">
              ${this.modules.map((m) => html`<li>${m.name} ${m.version} · ${m.licence}</li>`)}
            </ul>
          </details>
        </section>
      </div>
    </div>`;
  }

  async #loadModules() {
    const answer = await fetch(new URL('vendor/manifest.json', document.baseURI));
    const all = await answer.json();
    this.modules = [...new Map(all.map((m) => [m.name, m])).values()];
  }

  #machine() {
    const {version, address, machine, threads, processors, memory, dataFolder, notices = []} = this.system;
    const {threadsGiven, memoryGiven} = this.system;
    const {values} = settings;
    const facts = [
      ['version', version],
      ['address', address],
      ['machine', machine],
      ['threads', threads && (processors ? `${number(threads)} / ${number(processors)}` : number(threads))],
      ['memory', memory?.total && bytes(memory.total)],
      ['budget', memory?.budget && bytes(memory.budget)],
      ['dataFolder', dataFolder],
    ];
    return html`<section class="block">
      <h2>${t('settings.machine')}</h2>
      ${notices.map((text) => html`<p class="notice notice--warn">${text}</p>`)}
      <dl class="facts">
        ${facts.map(([name, value]) =>
          value
            ? html`<div>
                <dt>${t('system.' + name)}</dt>
                <dd>${value}</dd>
              </div>`
            : nothing,
        )}
      </dl>
      <div class="row row--fields">
        ${this.#number('threads', {value: values.threads, min: 1, max: 1024, step: 1, given: threadsGiven, placeholder: threads})}
        ${this.#number('modelMemory', {
          value: values.modelMemory && Math.round((100 * values.modelMemory) / GIB) / 100,
          min: 0.25,
          max: 4096,
          step: 'any',
          given: memoryGiven,
          placeholder: memory?.budget && Math.round((4 * memory.budget) / GIB) / 4,
          scale: GIB,
        })}
      </div>
      <p class="soft small">${t('settings.loadHint')}</p>
      <p class="soft small">${t('settings.startHint')}</p>
    </section>`;
  }

  /**
   * A number that is heeded when the next model is loaded; empty for what the machine suggests.
   * @param {string} name @param {{value?: number, min: number, max: number, step: number | 'any',
   *     given: string, placeholder?: number, scale?: number}} field
   */
  #number(name, {value, min, max, step, given, placeholder, scale = 1}) {
    const wrong = this.wrong[name];
    return html`<label class="field field--short"
      ><span>${t('settings.' + name)}</span>
      <input
        type="number"
        data-test=${name}
        min=${min}
        max=${max}
        step=${step}
        .value=${value && !given ? String(value) : ''}
        placeholder=${placeholder ?? ''}
        ?disabled=${Boolean(given)}
        aria-invalid=${wrong ? 'true' : nothing}
        aria-describedby=${given || wrong ? 'about-' + name : nothing}
        @change=${(e) => this.#setNumber(name, e.target, scale)}
      />${given ? html`<small class="soft" id="about-${name}">${t('settings.given', {flag: given})}</small>` : nothing}
      ${wrong ? html`<small class="wrong" role="alert" id="about-${name}" data-test="wrong-${name}">${wrong}</small>` : nothing}</label
    >`;
  }

  /** @param {string} name @param {HTMLInputElement} input @param {number} scale */
  async #setNumber(name, input, scale) {
    const {min, max, step} = input;
    const written = (x) => number(x, Number.isInteger(x) ? 0 : 2);
    const range = {min: written(Number(min)), max: written(Number(max))};
    const wrong = input.validity.valid ? '' : t(step === 'any' ? 'settings.number' : 'settings.whole', range);
    this.wrong = {...this.wrong, [name]: wrong};
    if (wrong) {
      return;
    }
    const value = input.value === '' ? null : Math.round(Number(input.value) * scale);
    try {
      await settings.change({[name]: value});
    } catch (e) {
      if (e.field !== name) {
        showProblem(e);
        return;
      }
      this.wrong = {...this.wrong, [name]: e.message};
    }
    this.system = (await trying(() => get('system'))) ?? this.system;
  }
}
customElements.define('sz-settings-page', SettingsPage);
