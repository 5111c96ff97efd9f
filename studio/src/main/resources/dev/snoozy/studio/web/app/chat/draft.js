import {Store} from 'app/core/store.js';

/** What is chosen for a chat that has not begun. It stands in for an open one. */
class Draft extends Store {
  chat = {model: '', system: '', options: {}};
  keepTokens = false;

  /** @param {object} changes */
  async setOptions(changes) {
    const options = {...this.chat.options, ...changes};
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || value === null || value === '') {
        delete options[name];
      }
    }
    await this.set({options});
  }

  /** @param {object} changes */
  async set(changes) {
    Object.assign(this.chat, changes);
    this.changed();
  }

  /** What a new chat begins with; the choices stay for the next. */
  take() {
    const {model, system, options} = this.chat;
    return {...(model ? {model} : {}), ...(system ? {system} : {}), options, keepTokens: this.keepTokens};
  }
}

export const draft = new Draft();
