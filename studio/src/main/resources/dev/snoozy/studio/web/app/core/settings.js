import {get, patch} from 'app/core/api.js';
import {language} from 'app/core/i18n.js';
import {Store} from 'app/core/store.js';

export const THEMES = ['system', 'light', 'dark'];
/** The sizes of text, in pixels, by their names. */
export const FONT_SIZES = {small: 13, medium: 15, large: 17, huge: 20};

const LOOK = 'snoozy.look';

/** What the person has chosen. The look is also kept here, so that the page begins with it. */
class Settings extends Store {
  /** @type {Record<string, any>} */
  values = JSON.parse(localStorage.getItem(LOOK) ?? '{}');
  loaded = false;
  /** What the server is known to have. @type {Record<string, any>} */
  #kept = this.values;

  async load() {
    this.#kept = await get('settings');
    this.values = this.#kept;
    this.loaded = true;
    await this.#apply();
  }

  /** Shows changes at once, and takes back what the server refuses. @param {Record<string, unknown>} changes */
  async change(changes) {
    this.values = {...this.values, ...changes};
    await this.#apply();
    try {
      this.#kept = await patch('settings', changes);
    } catch (e) {
      const later = Object.entries(this.values).filter(([name, value]) => !(name in changes) || changes[name] !== value);
      const back = Object.entries(this.#kept).filter(([name]) => name in changes);
      this.values = Object.fromEntries([...back, ...later]);
      await this.#apply();
      throw e;
    }
  }

  /** The language that is chosen, or the browser's. */
  async #apply() {
    this.show();
    const {theme, fontSize, language: code} = this.values;
    localStorage.setItem(LOOK, JSON.stringify({theme, fontSize, language: code}));
    await language.choose(code ?? '');
    this.changed();
  }

  /** Sets what style sheets depend on. */
  show() {
    const {theme, fontSize} = this.values;
    document.documentElement.dataset.theme = THEMES.includes(theme) ? theme : 'system';
    const size = Object.entries(FONT_SIZES).find(([, pixels]) => pixels === fontSize);
    document.documentElement.dataset.font = size?.[0] ?? 'medium';
  }
}

export const settings = new Settings();
