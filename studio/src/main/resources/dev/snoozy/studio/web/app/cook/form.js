import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {cookDraft} from 'app/cook/state.js';
import {PROFILES, TASKS} from 'app/evaluate/state.js';
import {notices, showProblem} from 'app/parts/toast.js';

const PRESETS = ['snoozy', 'gpt4all-lora'];

/** Of training: the names of recipes, and the words of the page of training. */
const NUMBERS = [
  {name: 'rank', words: 'tune.rank', min: 1, max: 4096, step: 1},
  {name: 'alpha', words: 'tune.alpha', min: 0, max: 1e6, step: 'any'},
  {name: 'learning_rate', words: 'tune.rate', min: 0, max: 1, step: 'any'},
  {name: 'batch', words: 'tune.batch', min: 1, max: 1e9, step: 1},
  {name: 'length', words: 'tune.length', min: 2, max: 1048576, step: 1},
  {name: 'epochs', words: 'tune.epochs', min: 1, max: 1e9, step: 1},
  {name: 'steps', words: 'tune.steps', min: 0, max: 1e9, step: 1},
  {name: 'warmup', words: 'tune.warmup', min: 0, max: 1e9, step: 1},
  {name: 'validation', words: 'tune.validation', min: 0, max: 0.5, step: 'any'},
  {name: 'evaluate_every', words: 'tune.evaluateEvery', min: 1, max: 1e9, step: 1},
  {name: 'save_every', words: 'tune.saveEvery', min: 1, max: 1e9, step: 1},
  {name: 'seed', words: 'option.seed', min: 0, max: 2 ** 53 - 1, step: 1},
];

/** A recipe without an editor: base, data, training, judging, types. It is written as a file. */
class CookForm extends SnoozyElement {
  static properties = {busy: {state: true}, wrong: {state: true}};

  constructor() {
    super();
    this.busy = false;
    /** What is wrong with a field, by its name. @type {Record<string, string>} */
    this.wrong = {};
    this.uses(cookDraft);
  }

  async #write() {
    if (this.busy || !this.querySelector('form').reportValidity()) {
      return;
    }
    this.busy = true;
    this.wrong = {};
    try {
      await cookDraft.write();
      notices.show({text: t('cook.written', {file: cookDraft.recipe})});
    } catch (e) {
      const field = (e.field ?? '').replace(/\[.*/, '');
      if (this.querySelector(`[data-field="${CSS.escape(field)}"]`)) {
        this.wrong = {[field]: e.message};
      } else {
        showProblem(e);
      }
    } finally {
      this.busy = false;
    }
  }

  /** @param {Record<string, any>} values */
  #set(values) {
    this.wrong = {};
    cookDraft.set(values);
  }

  render() {
    const {values, models, types} = cookDraft;
    return html`<form
      class="recipe"
      novalidate
      @submit=${(e) => {
        e.preventDefault();
        this.#write();
      }}
    >
      <div class="fields">
        ${this.#text('name', t('cook.name'), {required: true, pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*'})}
        ${this.#select('base', t('tune.base'), models.map((model) => model.name), t('tune.chooseBase'))}
      </div>
      ${this.#lines('data', t('cook.data'), t('cook.dataHelp'), true)}
      <fieldset>
        <legend>${t('nav.tune')}</legend>
        <div class="fields">
          ${this.#select('preset', t('tune.preset'), PRESETS)} ${NUMBERS.map((field) => this.#number(field, t(field.words)))}
        </div>
      </fieldset>
      <fieldset>
        <legend>${t('nav.evaluate')}</legend>
        ${this.#text('sets', t('evaluate.data'), {required: true, help: t('evaluate.dataHelp')})}
        <label class="check"
          ><input
            type="checkbox"
            .checked=${live(values.decontaminate)}
            @change=${(e) => this.#set({decontaminate: e.target.checked})}
          /><span>${t('cook.decontaminate')}</span></label
        >
        ${this.#choices('tasks', t('evaluate.tasks'), Object.keys(TASKS), (task) => TASKS[task])}
        <div class="fields">
          ${this.#select('profile', t('evaluate.profile'), PROFILES)}
          ${this.#number({name: 'limit', min: 1, max: 1e9, step: 1}, t('evaluate.limit'))}
          ${this.#text('perplexity', t('cook.perplexity'), {})}
        </div>
        ${this.#lines('prompts', t('cook.prompts'), t('cook.promptsHelp'), false)}
      </fieldset>
      ${this.#choices('quantize', t('cook.quantize'), types, (type) => type)}
      <label class="check"
        ><input
          type="checkbox"
          data-test="cook-replace"
          .checked=${live(values.replace === true)}
          @change=${(e) => this.#set({replace: e.target.checked})}
        /><span>${t('cook.replace')}</span></label
      >
      <div class="row row--end">
        <button class="button" type="submit" data-test="cook-write" ?disabled=${this.busy}>${icon('edit')}${t('cook.write')}</button>
      </div>
    </form>`;
  }

  /** @param {string} name @param {string} [help] */
  #about(name, help) {
    return html`${when(help, () => html`<small class="soft">${help}</small>`)}
    ${when(this.wrong[name], () => html`<small class="wrong" role="alert" data-test="wrong-${name}">${this.wrong[name]}</small>`)}`;
  }

  /** @param {string} name @param {string} words @param {{required?: boolean, pattern?: string, help?: string}} more */
  #text(name, words, {required = false, pattern, help}) {
    return html`<label class="field"
      ><span>${words}</span>
      <input
        data-field=${name}
        data-test="cook-${name}"
        ?required=${required}
        pattern=${pattern ?? nothing}
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${this.wrong[name] ? 'true' : nothing}
        .value=${live(cookDraft.values[name] ?? '')}
        @input=${(e) => this.#set({[name]: e.target.value})}
      />
      ${this.#about(name, help)}</label
    >`;
  }

  /** @param {string} name @param {string} words @param {string} help @param {boolean} required */
  #lines(name, words, help, required) {
    return html`<label class="field"
      ><span>${words}</span>
      <textarea
        rows="3"
        data-field=${name}
        data-test="cook-${name}"
        ?required=${required}
        spellcheck="false"
        aria-invalid=${this.wrong[name] ? 'true' : nothing}
        .value=${live(cookDraft.values[name] ?? '')}
        @input=${(e) => this.#set({[name]: e.target.value})}
      ></textarea>
      ${this.#about(name, help)}</label
    >`;
  }

  /** @param {{name: string, min: number, max: number, step: number | string}} field @param {string} words */
  #number({name, min, max, step}, words) {
    const value = cookDraft.values[name];
    return html`<label class="field"
      ><span>${words}</span>
      <input
        type="number"
        data-field=${name}
        data-test="cook-${name}"
        min=${min}
        max=${max}
        step=${step}
        placeholder=${t('option.default')}
        aria-invalid=${this.wrong[name] ? 'true' : nothing}
        .value=${live(value === undefined ? '' : String(value))}
        @change=${(e) => this.#set({[name]: e.target.value === '' ? undefined : Number(e.target.value)})}
      />
      ${this.#about(name)}</label
    >`;
  }

  /** @param {string} name @param {string} words @param {string[]} options @param {string} [none] */
  #select(name, words, options, none) {
    const value = cookDraft.values[name];
    return html`<label class="field"
      ><span>${words}</span>
      <select ?required=${Boolean(none)} data-field=${name} data-test="cook-${name}" @change=${(e) => this.#set({[name]: e.target.value})}>
        ${none ? html`<option value="" .selected=${live(!value)}>${none}</option>` : ''}
        ${options.map((option) => html`<option value=${option} .selected=${live(option === value)}>${option}</option>`)}
      </select>
      ${this.#about(name)}</label
    >`;
  }

  /** @param {string} name @param {string} words @param {string[]} options @param {(option: string) => string} title */
  #choices(name, words, options, title) {
    const chosen = cookDraft.values[name];
    return html`<fieldset class="choices choices--short" data-field=${name} data-test="cook-${name}">
      <legend>${words}</legend>
      ${options.map(
        (option) => html`<label class="check"
          ><input
            type="checkbox"
            .checked=${live(chosen.includes(option))}
            @change=${(e) => {
              const rest = chosen.filter((other) => other !== option);
              this.#set({[name]: e.target.checked ? [...rest, option] : rest});
            }}
          /><span>${title(option)}</span></label
        >`,
      )}
      ${this.#about(name)}
    </fieldset>`;
  }
}
customElements.define('sz-cook-form', CookForm);
