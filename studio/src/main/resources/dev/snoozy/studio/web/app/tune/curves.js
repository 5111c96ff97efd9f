import {SnoozyElement, html, svg, when} from 'app/core/element.js';
import {number, t} from 'app/core/i18n.js';

const WIDTH = 1000;
const HEIGHT = 160;
/** As many colours as the style sheet has for series. */
const COLOURS = 6;
const DIGITS = 4;

/** @typedef {{step: number, value: number}} Point */
/** @typedef {{name: string, points: Point[], measured?: boolean, colour: number}} Line */

/** A number in as many digits as tell it from others. @param {number} value */
function short(value) {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : number(value, Math.abs(value) >= 100 ? 0 : 3);
}

/** The points that are numbers. @param {any[]} list @param {string} field @returns {Point[]} */
function points(list, field) {
  return (list ?? [])
    .map((entry) => ({step: Number(entry.step), value: Number(entry[field] ?? NaN)}))
    .filter((point) => Number.isFinite(point.step) && Number.isFinite(point.value));
}

/** The curves of runs of training, laid over each other. They grow while a run goes on. */
class TuneCurves extends SnoozyElement {
  static properties = {runs: {attribute: false}};

  constructor() {
    super();
    /** @type {any[]} */
    this.runs = [];
  }

  render() {
    const lines = (field) => this.runs.map((run, i) => ({name: run.name, points: points(run.points, field), colour: i % COLOURS}));
    const measured = this.runs.map((run, i) => ({
      name: `${run.name}, ${t('tune.validationLoss')}`,
      points: points(run.validation, 'loss'),
      measured: true,
      colour: i % COLOURS,
    }));
    return html`<section class="report" aria-label=${t('tune.curves')} data-test="tune-curves">
      <ul class="plain report__legend small">
        ${this.runs.map(
          (run, i) => html`<li><span class="report__mark series-${i % COLOURS}" aria-hidden="true"></span>${run.name}</li>`,
        )}
        ${when(
          measured.some((line) => line.points.length > 0),
          () => html`<li>
            <svg class="curve__key" viewBox="0 0 30 10" aria-hidden="true"><path class="curve curve--measured" d="M1 5h28" /></svg>${t('tune.validationLoss')}
          </li>`,
        )}
      </ul>
      ${this.#plot(t('tune.loss'), [...lines('loss'), ...measured], false)}
      <div class="curves">
        ${this.#plot(t('tune.rate'), lines('rate'), true)} ${this.#plot(t('tune.norm'), lines('norm'), true)}
      </div>
      ${this.#table()}
    </section>`;
  }

  /** @param {string} title @param {Line[]} lines @param {boolean} fromZero */
  #plot(title, lines, fromZero) {
    const all = lines.flatMap((line) => line.points);
    if (all.length === 0) {
      return '';
    }
    const last = Math.max(1, ...all.map((point) => point.step));
    const most = Math.max(...all.map((point) => point.value));
    const least = fromZero ? 0 : Math.min(...all.map((point) => point.value));
    const range = most - least || 1;
    const x = (point) => ((WIDTH * point.step) / last).toFixed(1);
    const y = (point) => (4 + (HEIGHT - 8) * (1 - (point.value - least) / range)).toFixed(1);
    const summary = lines
      .filter((line) => line.points.length > 0)
      .map((line) => `${line.name}: ${short(line.points[0].value)} → ${short(line.points.at(-1).value)}`)
      .join('; ');
    return html`<figure class="report__plot">
      <figcaption class="small soft">${title}</figcaption>
      <div class="report__scale small soft" aria-hidden="true"><span>${short(most)}</span><span>${short(least)}</span></div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${`${title}. ${summary}`}>
        ${lines.map(
          (line) => svg`<polyline
            class="curve series-${line.colour} ${line.measured ? 'curve--measured' : ''}"
            points=${line.points.map((point) => `${x(point)},${y(point)}`).join(' ')} />`,
        )}
      </svg>
      <div class="curves__steps small soft" aria-hidden="true"><span>0</span><span>${t('tune.stepAxis', {step: number(last)})}</span></div>
    </figure>`;
  }

  /** What was measured, in numbers. */
  #table() {
    const steps = [...new Set(this.runs.flatMap((run) => points(run.validation, 'loss').map((point) => point.step)))].sort((a, b) => a - b);
    const cell = (run, step) => points(run.validation, 'loss').find((point) => point.step === step)?.value;
    return when(
      steps.length > 0,
      () => html`<details class="fold">
        <summary>${t('tune.measurements')}</summary>
        <div class="report__scroll" tabindex="0" role="region" aria-label=${t('tune.measurements')}>
          <table class="table-plain small" data-test="tune-measurements">
            <thead>
              <tr>
                <th scope="col">${t('tune.step')}</th>
                ${this.runs.map((run) => html`<th scope="col" class="right">${run.name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${steps.map(
                (step) => html`<tr>
                  <th scope="row">${number(step)}</th>
                  ${this.runs.map((run) => {
                    const value = cell(run, step);
                    return html`<td class="right">${value === undefined ? '' : number(value, DIGITS)}</td>`;
                  })}
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>`,
    );
  }
}
customElements.define('sz-tune-curves', TuneCurves);
