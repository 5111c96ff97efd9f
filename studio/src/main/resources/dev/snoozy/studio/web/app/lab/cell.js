import {html, nothing} from 'lit-html';

import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {copy} from 'app/parts/clipboard.js';

import 'app/markdown/view.js';

/** Whether a cell is still to come or coming. @param {any} cell */
export function isOpen(cell) {
  return !cell || ['queued', 'running', 'writing', undefined].includes(cell.state);
}

/** What is known of how a cell came about, in a line. @param {any} cell */
export function statsLine(cell) {
  const {stats = {}} = cell ?? {};
  const parts = [];
  if (stats?.tokensPerSecond) {
    parts.push(t('stats.speed', {speed: number(stats.tokensPerSecond, 1)}));
  }
  if (stats?.firstMs !== undefined && stats?.firstMs !== null) {
    parts.push(t('stats.first', {seconds: number(stats.firstMs / 1000, 2)}));
  }
  if (stats?.tokens) {
    parts.push(t('stats.tokens', {count: number(stats.tokens)}));
  }
  if (cell?.seed !== undefined && cell?.seed !== null) {
    parts.push(t('seed', {seed: cell.seed}));
  }
  return parts.join(' · ');
}

/** An answer in all of its rounds. @param {import('app/lab/run.js').LabRun} run @param {number} column @param {number} [prompt] */
export function cellBodies(run, column, prompt = 0) {
  return Array.from({length: run.rounds}, (_, round) => cellBody(run.cell(column, prompt, round)));
}

/** What a cell says, with its figures below. @param {any} cell @param {{quiet?: boolean}} [more] */
export function cellBody(cell, {quiet = false} = {}) {
  const open = isOpen(cell);
  return html`
    ${cell?.reasoning
      ? html`<details class="reasoning">
          <summary>${t('chat.thought')}</summary>
          <sz-markdown .live=${open} .text=${cell.reasoning}></sz-markdown>
        </details>`
      : nothing}
    ${cell?.text
      ? html`<sz-markdown .live=${open} .text=${cell.text}></sz-markdown>`
      : open
        ? html`<p class="waiting"><span class="pulse"></span>${t('chat.waiting')}</p>`
        : nothing}
    ${cell?.error ? html`<p class="notice notice--bad">${cell.error}</p>` : nothing}
    ${cell?.same === undefined || open
      ? nothing
      : html`<p class="badge ${cell.same ? 'badge--good' : 'badge--warn'}">${cell.same ? t('history.same') : t('history.other')}</p>`}
    ${quiet || open
      ? nothing
      : html`<footer class="row cell__foot">
          <button class="icon-button" aria-label=${t('copy')} title=${t('copy')} @click=${() => copy(cell.text)}>${icon('copy')}</button>
          <span class="soft small">${statsLine(cell)}</span>
        </footer>`}
  `;
}

/** What is done with a run. @param {import('app/lab/run.js').LabRun} run @param {(work: () => Promise<any>) => void} trying @param {() => void} [again] */
export function runButtons(run, trying, again) {
  return html`<div class="row">
    ${run.isRunning
      ? html`<button class="button" data-test="run-stop" @click=${() => trying(() => run.stop())}>${icon('stop')}${t('stop')}</button>`
      : nothing}
    ${again && !run.isRunning
      ? html`<button class="button" data-test="again" title=${t('lab.again.help')} @click=${again}>${icon('redo')}${t('lab.again')}</button>`
      : nothing}
    <button class="button" @click=${() => trying(() => run.export('csv'))}>${icon('download')}CSV</button>
    <button class="button" @click=${() => trying(() => run.export('jsonl'))}>${icon('download')}JSONL</button>
  </div>`;
}
