import {get, patch} from 'app/core/api.js';
import {language} from 'app/core/i18n.js';
import {Store} from 'app/core/store.js';

export const THEMES = ['system', 'light', 'dark'];
export const FONT_SIZES = ['small', 'medium', 'large', 'huge'];

const LOOK = 'snoozy.look';

/** What the person has chosen. The look is also kept here, so that the page begins with it. */
class Settings extends Store {
  /** @type {Record<string, any>} */
  values = JSON.parse(localStorage.getItem(LOOK) ?? '{}');
  loaded = false;

  async load() {
    this.values = await get('settings');
    this.loaded = true;
    await this.#apply();
  }

  /** @param {Record<string, unknown>} changes */
  async change(changes) {
    this.values = {...this.values, ...changes};
    await this.#apply();
    await patch('settings', changes);
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
    document.documentElement.dataset.font = FONT_SIZES.includes(fontSize) ? fontSize : 'medium';
  }
}

export const settings = new Settings();
