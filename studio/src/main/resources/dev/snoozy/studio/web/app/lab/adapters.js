import {live} from 'lit-html/directives/live.js';

import {html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {plural, t} from 'app/core/i18n.js';
import {lab} from 'app/lab/state.js';

const MOST_ADAPTERS = 8;
const LARGEST_SCALE = 1000;

/**
 * The adapters of a column with their scales, and those that may be added; nothing where there are none.
 * @param {{model: string, adapters?: {name: string, scale: number}[]}} column
 * @param {(adapters: {name: string, scale: number}[]) => void} change
 */
export function adapterFields(column, change) {
  const chosen = column.adapters ?? [];
  const known = lab.adaptersOf(column.model);
  const names = chosen.map((adapter) => adapter.name);
  const free = known.filter((adapter) => !adapter.why && !names.includes(adapter.name));
  const unfit = known.filter((adapter) => adapter.why);
  return html`
    ${chosen.map((adapter, i) => chosenAdapter(adapter, known, (other) => change(other ? chosen.with(i, other) : chosen.toSpliced(i, 1))))}
    ${when(
      free.length > 0 && chosen.length < MOST_ADAPTERS,
      () => html`<select
        aria-label=${t('lab.addAdapter')}
        data-test="add-adapter"
        .value=${live('')}
        @change=${(e) => change([...chosen, {name: e.target.value, scale: 1}])}
      >
        <option value="">${t('lab.addAdapter')}</option>
        ${free.map((adapter) => html`<option value=${adapter.name}>${adapter.name}</option>`)}
      </select>`,
    )}
    ${when(
      unfit.length > 0,
      () => html`<details class="fold">
        <summary class="small">${plural('lab.unfit', unfit.length)}</summary>
        <ul class="plain small soft" data-test="unfit">
          ${unfit.map((adapter) => html`<li>${adapter.name}: ${adapter.why}</li>`)}
        </ul>
      </details>`,
    )}
  `;
}

/**
 * @param {{name: string, scale: number}} adapter @param {any[]} known
 * @param {(adapter?: {name: string, scale: number}) => void} change without an adapter: it goes
 */
function chosenAdapter({name, scale}, known, change) {
  const why = known.find((adapter) => adapter.name === name)?.why;
  return html`<div class="row row--tight columns__adapter" data-test="adapter">
      <span class="grow wrap">${name}</span>
      <input
        type="number"
        class="columns__scale"
        min=${-LARGEST_SCALE}
        max=${LARGEST_SCALE}
        step="any"
        required
        aria-label=${t('lab.adapterScale', {name})}
        .value=${live(String(scale))}
        @change=${(e) => {
          if (e.target.reportValidity()) {
            change({name, scale: Number(e.target.value)});
          }
        }}
      />
      <button class="icon-button" type="button" aria-label=${t('lab.removeAdapter', {name})} title=${t('delete')} @click=${() => change()}>
        ${icon('close')}
      </button>
    </div>
    ${when(why, () => html`<p class="wrong small" data-test="adapter-why">${why}</p>`)}`;
}
