import {html, when} from 'app/core/element.js';
import {duration, number, t} from 'app/core/i18n.js';
import {place} from 'app/core/router.js';
import {word} from 'app/tune/draft.js';

const DIGITS = 4;

/** What a run has come to, by the words of the catalogue. @type {[string, (run: any) => string][]} */
const RESULTS = [
  ['tune.step', (run) => number(run.step ?? 0)],
  ['tune.loss', (run) => (run.loss === undefined ? '' : number(run.loss, DIGITS))],
  ['tune.lowest', (run) => (run.best === undefined ? '' : number(run.best, DIGITS))],
  ['tune.took', (run) => (run.seconds ? duration(run.seconds) : '')],
];

/** A setting as it is read. @param {any} value */
function shown(value) {
  return Array.isArray(value) ? value.join(', ') : value === undefined || value === '' ? t('option.default') : String(value);
}

/** Runs beside each other: what was set up differently, and what came of it. @param {any[]} runs */
export function comparison(runs) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.request ?? {})))].filter((name) => name !== 'name');
  const differing = names.filter((name) => new Set(runs.map((run) => shown(run.request?.[name]))).size > 1);
  const row = (title, value) => html`<tr>
    <th scope="row">${title}</th>
    ${runs.map((run) => html`<td class="wrap">${value(run)}</td>`)}
  </tr>`;
  return when(
    runs.length > 1,
    () => html`<div class="block">
      <h2 id="tune-differ">${t('tune.differ')}</h2>
      <div class="report__scroll" tabindex="0" role="region" aria-labelledby="tune-differ">
        <table class="table-plain small" data-test="tune-comparison">
          <thead>
            <tr>
              <th scope="col"><span class="only-spoken">${t('tune.setting')}</span></th>
              ${runs.map((run) => html`<th scope="col"><a href=${place('tune', run.name)}>${run.name}</a></th>`)}
            </tr>
          </thead>
          <tbody>
            ${differing.map((name) => row(word(name), (run) => shown(run.request?.[name])))}
            ${RESULTS.map(([key, value]) => row(t(key), value))}
          </tbody>
        </table>
      </div>
    </div>`,
  );
}
