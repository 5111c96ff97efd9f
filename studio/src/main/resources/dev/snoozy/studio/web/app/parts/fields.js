import {html} from 'lit-html';
import {live} from 'lit-html/directives/live.js';

import {t} from 'app/core/i18n.js';

/**
 * The options of sampling, by the names that the server uses, with the range that makes sense. The
 * words are in the catalogue: `option.<name>` and `option.<name>.help`.
 */
export const OPTIONS = [
  {name: 'temperature', min: 0, max: 5, step: 0.05},
  {name: 'top_p', min: 0, max: 1, step: 0.01},
  {name: 'top_k', min: 0, max: 10000, step: 1},
  {name: 'min_p', min: 0, max: 1, step: 0.01},
  {name: 'repeat_penalty', min: 0.5, max: 3, step: 0.01},
  {name: 'max_tokens', min: 1, max: 1000000, step: 1},
];

let count = 0;

/**
 * A field for a number; empty stands for what the model does by itself.
 * @param {{name: string, min: number, max: number, step: number}} option
 * @param {number | undefined} value @param {(value: number | undefined) => void} change
 */
export function numberField(option, value, change) {
  const id = `help-${option.name}-${++count}`;
  return html`<label class="field"
    ><span>${t('option.' + option.name)}</span>
    <input
      type="number"
      min=${option.min}
      max=${option.max}
      step=${option.step}
      .value=${live(value === undefined ? '' : String(value))}
      placeholder=${t('option.default')}
      aria-describedby=${id}
      data-option=${option.name}
      @change=${(e) => {
        if (e.target.reportValidity()) {
          change(e.target.value === '' ? undefined : Number(e.target.value));
        }
      }}
    />
    <small class="soft" id=${id}>${t(`option.${option.name}.help`)}</small></label
  >`;
}

/**
 * A choice among the models of this machine.
 * @param {{name: string}[]} models @param {string} value @param {(name: string) => void} change
 */
export function modelSelect(models, value, change) {
  const known = models.some((m) => m.name === value);
  return html`<select aria-label=${t('model')} data-test="model" @change=${(e) => change(e.target.value)}>
    <option value="" ?selected=${!value}>${t('model.any')}</option>
    ${models.map((m) => html`<option value=${m.name} ?selected=${m.name === value}>${m.name}</option>`)}
    ${value && !known ? html`<option value=${value} selected>${t('model.gone', {name: value})}</option>` : ''}
  </select>`;
}
