import {live} from 'lit-html/directives/live.js';

import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {adapterFields} from 'app/lab/adapters.js';
import {lab} from 'app/lab/state.js';
import {OPTIONS, modelSelect, numberField} from 'app/parts/fields.js';

const MOST_COLUMNS = 8;
const MOST_ROUNDS = 20;

/** The prompt, and what the model is told before. */
export function promptFields() {
  return html`
    <label class="field"
      ><span>${t('lab.prompt')}</span>
      <textarea
        rows="3"
        dir="auto"
        data-test="lab-prompt"
        .value=${live(lab.prompt)}
        @input=${(e) => lab.set({prompt: e.target.value})}
      ></textarea>
    </label>
    <details class="fold">
      <summary>${t('system')}</summary>
      <textarea rows="2" dir="auto" aria-label=${t('system')} .value=${live(lab.system)} @input=${(e) => lab.set({system: e.target.value})}></textarea>
    </details>
  `;
}

/** The seed that all columns share. */
export function seedField() {
  return html`<label class="field field--short"
    ><span>${t('option.seed')}</span>
    <input
      type="number"
      min="0"
      step="1"
      data-test="lab-seed"
      .value=${live(String(lab.seed))}
      @change=${(e) => lab.set({seed: Math.max(0, Math.round(Number(e.target.value)) || 0)})}
    />
  </label>`;
}

/** How often each answer is written. */
export function roundsField() {
  return html`<label class="field field--short"
    ><span>${t('lab.rounds')}</span>
    <input
      type="number"
      min="1"
      max=${MOST_ROUNDS}
      step="1"
      title=${t('lab.rounds.help')}
      aria-describedby="help-rounds"
      data-test="lab-rounds"
      .value=${live(String(lab.rounds))}
      @change=${(e) => lab.set({rounds: Math.min(MOST_ROUNDS, Math.max(1, Math.round(Number(e.target.value)) || 1))})}
    />
    <small class="only-spoken" id="help-rounds">${t('lab.rounds.help')}</small>
  </label>`;
}

/** The columns: models with settings. */
class Columns extends SnoozyElement {
  static properties = {open: {state: true}};

  constructor() {
    super();
    this.open = -1;
    this.uses(lab);
  }

  /** @param {number} index @param {object} changes */
  #change(index, changes) {
    lab.set({columns: lab.columns.map((c, i) => (i === index ? {...c, ...changes} : c))});
  }

  #add() {
    const last = lab.columns.at(-1);
    lab.set({columns: [...lab.columns, {model: last?.model ?? '', label: '', options: {...last?.options}, adapters: [...(last?.adapters ?? [])]}]});
  }

  render() {
    return html`<fieldset class="columns">
      <legend class="field-name">${t('lab.columns')}</legend>
      ${lab.columns.map((column, i) => this.#column(column, i))}
      ${when(
        lab.columns.length < MOST_COLUMNS,
        () => html`<button class="button" type="button" data-test="add-column" @click=${() => this.#add()}>${icon('plus')}${t('lab.addColumn')}</button>`,
      )}
    </fieldset>`;
  }

  /** @param {any} column @param {number} index */
  #column(column, index) {
    const options = {...column.options};
    return html`<div class="columns__one" role="group" aria-label=${t('lab.column', {index: index + 1})}>
      <div class="row row--tight">
        <strong>${index + 1}</strong>
        <span class="grow">${modelSelect(lab.models, column.model, (model) => this.#change(index, {model}))}</span>
        <button
          class="icon-button"
          type="button"
          aria-label=${t('lab.removeColumn', {index: index + 1})}
          ?disabled=${lab.columns.length < 2}
          @click=${() => lab.set({columns: lab.columns.filter((_, i) => i !== index)})}
        >
          ${icon('close')}
        </button>
      </div>
      ${adapterFields(column, (adapters) => this.#change(index, {adapters}))}
      <details class="fold">
        <summary>
          ${Object.entries(options)
            .map(([name, value]) => `${t('option.' + name)} ${value}`)
            .join(', ') || t('lab.defaults')}
        </summary>
        <div class="fields">
          <label class="field"
            ><span>${t('lab.label')}</span
            ><input .value=${live(column.label)} autocomplete="off" maxlength="60" @change=${(e) => this.#change(index, {label: e.target.value.trim()})}
          /></label>
          ${OPTIONS.map((option) =>
            numberField(option, options[option.name], (value) => {
              const changed = {...options, [option.name]: value};
              if (value === undefined) {
                delete changed[option.name];
              }
              this.#change(index, {options: changed});
            }),
          )}
        </div>
      </details>
    </div>`;
  }
}
customElements.define('sz-lab-columns', Columns);
