import {SnoozyElement, html} from 'app/core/element.js';
import {number, t} from 'app/core/i18n.js';
import {settings} from 'app/core/settings.js';

const HEIGHT = 130;
const STYLE = new URL('vendor/uplot/uPlot.min.css', document.baseURI).href;

/** The style sheet of the plots comes with the first one. */
function loadStyle() {
  if (!document.querySelector(`link[href="${STYLE}"]`)) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = STYLE;
    document.head.append(link);
  }
}

/** How unsure the model was at each token: a line; pointing at it points at the token. */
class Entropy extends SnoozyElement {
  static properties = {tokens: {attribute: false}, at: {attribute: false}};

  #plot = null;
  #sizes = new ResizeObserver(() => this.#fit());

  constructor() {
    super();
    this.tokens = [];
    this.at = -1;
    this.uses(settings);
  }

  get #data() {
    return [this.tokens.map((_, i) => i + 1), this.tokens.map((token) => token.entropy ?? null)];
  }

  async firstUpdated() {
    loadStyle();
    this.uPlot = (await import('uplot')).default;
    this.#sizes.observe(this);
    this.#draw();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #draw() {
    this.#plot?.destroy();
    const place = this.querySelector('.plot');
    if (!this.isConnected || !place || !this.uPlot) {
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {stroke: colour('--text-soft'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}};
    this.#plot = new this.uPlot(
      {
        width: Math.max(120, this.clientWidth),
        height: HEIGHT,
        legend: {show: false},
        cursor: {y: false, points: {size: 8}},
        scales: {x: {time: false}},
        axes: [
          {...axis, size: 26},
          {...axis, size: 36},
        ],
        series: [{}, {stroke: colour('--accent'), width: 1.5}],
        hooks: {setCursor: [(u) => u.cursor.idx !== null && u.cursor.event && this.#point(u.cursor.idx)]},
      },
      this.#data,
      place,
    );
    this.theme = document.documentElement.dataset.theme;
  }

  /** @param {number} index */
  #point(index) {
    if (index !== this.at) {
      this.tell('point', index);
    }
  }

  #fit() {
    this.#plot?.setSize({width: Math.max(120, this.clientWidth), height: HEIGHT});
  }

  updated(changed) {
    if (this.#plot && this.theme !== document.documentElement.dataset.theme) {
      this.#draw();
    } else if (this.#plot && changed.has('tokens')) {
      this.#plot.setData(this.#data);
    }
  }

  render() {
    const values = this.tokens.map((token) => token.entropy ?? 0);
    const most = Math.max(...values);
    const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
    const label = t('tokens.entropyLine', {mean: number(mean, 2), most: number(most, 2)});
    return html`<figure class="entropy">
      <figcaption class="small soft">${label}</figcaption>
      <div class="plot" aria-hidden="true"></div>
    </figure>`;
  }
}
customElements.define('sz-entropy', Entropy);
