import {html, when} from 'app/core/element.js';
import {get, post} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {number, t} from 'app/core/i18n.js';
import {cellBody, isOpen} from 'app/lab/cell.js';
import {Experiment, common} from 'app/lab/experiment.js';
import {promptFields} from 'app/lab/setup.js';
import {columnName, lab} from 'app/lab/state.js';
import {trying} from 'app/parts/toast.js';

const NAMES = ['A', 'B'];

/** Two answers without names; who is better gets a point; then the names are shown. */
class Blind extends Experiment {
  static properties = {winner: {state: true}, ratings: {state: true}};

  constructor() {
    super();
    /** @type {string | null} */
    this.winner = null;
    /** @type {any[]} */
    this.ratings = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.#loadRatings();
  }

  /** Nothing: whoever comes back might vote on the same pair twice. */
  async reopen() {}

  async #loadRatings() {
    const {models} = (await trying(() => get('lab/ratings'))) ?? {models: []};
    this.ratings = models;
  }

  /** Two columns of those that are set up, in an order that nobody knows. */
  #pair() {
    const columns = [...lab.columns];
    for (let i = columns.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [columns[i], columns[j]] = [columns[j], columns[i]];
    }
    return columns.slice(0, 2);
  }

  async #run() {
    this.winner = null;
    await this.begin({kind: 'compare', prompt: lab.prompt, columns: this.#pair(), ...common()});
  }

  /** @param {'left' | 'right' | 'tie'} winner */
  async #vote(winner) {
    const [left, right] = this.run.run.columns.map((_, i) => this.run.cell(i));
    await trying(async () => {
      await post('lab/votes', {run: this.run.id, left: left.column, right: right.column, winner});
      this.winner = winner;
      await this.#loadRatings();
    });
  }

  render() {
    const cells = this.run?.run.columns.map((_, i) => this.run.cell(i)) ?? [];
    const ready = cells.length === 2 && cells.every((cell) => !isOpen(cell));
    return html`
      <form
        class="setup"
        @submit=${(e) => {
          e.preventDefault();
          this.#run();
        }}
      >
        ${promptFields()}
        <sz-lab-columns></sz-lab-columns>
        <div class="row row--end">
          <button
            class="button button--main"
            type="submit"
            data-test="run"
            ?disabled=${this.starting || !lab.prompt.trim() || lab.columns.length < 2}
          >
            ${icon('play')}${t('blind.run')}
          </button>
        </div>
      </form>
      ${when(
        this.run,
        () => html`<div class="side-by-side">
            ${cells.map(
              (cell, i) => html`<section class="cell" aria-label=${NAMES[i]} data-test="cell">
                <h2 class="cell__head">${NAMES[i]}${this.winner ? ` · ${columnName(this.run.run.columns[i], i)}` : ''}</h2>
                ${cellBody(cell, {quiet: !this.winner})}
              </section>`,
            )}
          </div>
          <div class="row votes" role="group" aria-label=${t('blind.question')}>
            ${this.winner
              ? html`<p role="status">${t('blind.thanks')}</p>`
              : html`<span>${t('blind.question')}</span>
                  <button class="button" data-test="vote-left" ?disabled=${!ready} @click=${() => this.#vote('left')}>${t('blind.left')}</button>
                  <button class="button" data-test="vote-tie" ?disabled=${!ready} @click=${() => this.#vote('tie')}>${t('blind.tie')}</button>
                  <button class="button" data-test="vote-right" ?disabled=${!ready} @click=${() => this.#vote('right')}>${t('blind.right')}</button>`}
          </div>`,
      )}
      ${this.#table()}
    `;
  }

  #table() {
    return html`<section class="block">
      <h2>${t('blind.ratings')}</h2>
      ${this.ratings.length === 0
        ? html`<p class="soft">${t('blind.none')}</p>`
        : html`<table class="table-plain" data-test="ratings">
            <thead>
              <tr>
                <th scope="col">${t('model')}</th>
                <th scope="col" class="right">${t('blind.rating')}</th>
                <th scope="col" class="right">${t('blind.interval')}</th>
                <th scope="col" class="right">${t('blind.games')}</th>
              </tr>
            </thead>
            <tbody>
              ${this.ratings.map(
                (m) => html`<tr>
                  <td>${m.name}</td>
                  <td class="right">${number(m.rating)}</td>
                  <td class="right">${number(m.low)} – ${number(m.high)}</td>
                  <td class="right">${number(m.games)}</td>
                </tr>`,
              )}
            </tbody>
          </table>`}
    </section>`;
  }
}
customElements.define('sz-lab-blind', Blind);
