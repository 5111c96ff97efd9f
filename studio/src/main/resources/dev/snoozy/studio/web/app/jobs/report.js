import {SnoozyElement, html, svg, when} from 'app/core/element.js';
import {bytes, number, plural, t} from 'app/core/i18n.js';

const WIDTH = 1000;
const HEIGHT = 120;
/** As many colours as the style sheet has for series. */
const COLOURS = 6;
/** Tensors smaller than this part of all do not decide how high a plot is: they are not seen. */
const SEEN = 0.0005;

/**
 * @typedef {{tensor: string, from: string, to: string, weights: number, bytesBefore: number,
 *     bytes: number, error: number}} Row
 */

/**
 * What became of each tensor of a model that is quantized: how large it is, and how wrong. As wide
 * as a tensor has weights, so that the area of the first plot is the size of the file. It grows
 * while the job runs.
 */
class QuantizeReport extends SnoozyElement {
  static properties = {rows: {attribute: false}, total: {attribute: false}};

  constructor() {
    super();
    /** @type {Row[]} */
    this.rows = [];
    /** All weights, as far as that is known. */
    this.total = 0;
  }

  /** The number formats with what they take, the largest first. */
  get #types() {
    const types = new Map();
    for (const row of this.rows) {
      const type = types.get(row.to) ?? {name: row.to, count: 0, bytes: 0};
      types.set(row.to, {...type, count: type.count + 1, bytes: type.bytes + row.bytes});
    }
    return [...types.values()].sort((a, b) => b.bytes - a.bytes);
  }

  render() {
    const sum = (value) => this.rows.reduce((all, row) => all + value(row), 0);
    const weights = sum((row) => row.weights);
    const total = Math.max(this.total, weights, 1);
    const types = this.#types;
    const colour = new Map(types.map((type, i) => [type.name, Math.min(i, COLOURS - 1)]));
    const mean = Math.sqrt(sum((row) => row.weights * row.error ** 2) / Math.max(1, weights));
    const summary = t('report.summary', {
      tensors: plural('report.tensors', this.rows.length),
      before: bytes(sum((row) => row.bytesBefore)),
      after: bytes(sum((row) => row.bytes)),
      error: number(100 * mean, 2),
    });
    return html`<section class="report" aria-labelledby="report-title" data-test="quantize-report">
      <h3 id="report-title">${t('report.title')}</h3>
      <p class="small" data-test="report-summary">${summary}</p>
      <ul class="plain report__legend small">
        ${types.map(
          (type) => html`<li>
            <span class="report__mark series-${colour.get(type.name)}" aria-hidden="true"></span>${type.name}
            <span class="soft">${plural('report.tensors', type.count)}, ${bytes(type.bytes)}</span>
          </li>`,
        )}
      </ul>
      ${this.#plot(t('report.bits'), summary, total, colour, (row) => (8 * row.bytes) / Math.max(1, row.weights), 1)}
      ${this.#plot(t('report.error'), summary, total, colour, (row) => 100 * row.error, 2)}
      <p class="small soft report__axis">${t('report.axis')}</p>
      <details class="fold">
        <summary>${t('report.table')}</summary>
        <div class="report__scroll" tabindex="0" role="region" aria-label=${t('report.table')}>${this.#table()}</div>
      </details>
    </section>`;
  }

  /**
   * @param {string} title @param {string} summary @param {number} total
   * @param {Map<string, number>} colour @param {(row: Row) => number} value @param {number} digits
   */
  #plot(title, summary, total, colour, value, digits) {
    const seen = this.rows.filter((row) => row.weights >= SEEN * total);
    const most = Math.max(...(seen.length > 0 ? seen : this.rows).map(value), Number.MIN_VALUE);
    let at = 0;
    const bars = this.rows.map((row) => {
      const x = (WIDTH * at) / total;
      at += row.weights;
      const height = HEIGHT * Math.min(1, value(row) / most);
      const name = `${row.tensor}: ${row.to}, ${number(value(row), digits)}`;
      return svg`<rect
        class="series-${colour.get(row.to)}" x=${x.toFixed(2)} y=${(HEIGHT - height).toFixed(2)}
        width=${((WIDTH * row.weights) / total).toFixed(2)} height=${height.toFixed(2)}><title>${name}</title></rect>`;
    });
    return html`<figure class="report__plot">
      <figcaption class="small soft">${title}</figcaption>
      <div class="report__scale small soft" aria-hidden="true"><span>${number(most, digits)}</span><span>${number(0)}</span></div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${`${title}. ${summary}`}>${bars}</svg>
    </figure>`;
  }

  #table() {
    return html`<table class="table-plain small">
      <thead>
        <tr>
          <th scope="col">${t('report.tensor')}</th>
          <th scope="col">${t('report.types')}</th>
          <th scope="col" class="right">${t('report.size')}</th>
          <th scope="col" class="right">${t('report.error')}</th>
        </tr>
      </thead>
      <tbody>
        ${this.rows.map(
          (row) => html`<tr>
            <td class="wrap">${row.tensor}</td>
            <td>${row.from === row.to ? row.to : `${row.from} → ${row.to}`}</td>
            <td class="right">${bytes(row.bytes)}</td>
            <td class="right">${when(row.error > 0, () => number(100 * row.error, 3))}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
customElements.define('sz-quantize-report', QuantizeReport);
