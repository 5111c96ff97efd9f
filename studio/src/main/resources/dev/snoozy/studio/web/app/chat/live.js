import {events, post} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {Store} from 'app/core/store.js';
import {notices, showProblem} from 'app/parts/toast.js';

const FIRST_WAIT_MILLIS = 300;
const LONGEST_WAIT_MILLIS = 5000;

/**
 * A message that is being written. The server writes it whether or not anyone looks; this follows
 * it, and takes up again where a connection broke.
 */
export class LiveMessage extends Store {
  /** @param {string} chat @param {object} message as the server has it @param {(done: object) => void} whenDone */
  constructor(chat, message, whenDone) {
    super();
    this.chat = chat;
    this.message = {content: '', reasoning: '', ...message};
    this.whenDone = whenDone;
    this.began = performance.now();
    this.firstMillis = null;
    this.tokens = 0;
    this.stopping = new AbortController();
    this.#follow();
  }

  /** Stops looking; the server goes on. */
  leave() {
    this.stopping.abort();
  }

  /** Asks the server to end the answer here. */
  async stop() {
    await post(`chats/${this.chat}/messages/${this.message.id}/stop`);
  }

  /** Pieces a second so far, or null. */
  get speed() {
    if (this.firstMillis === null || this.tokens < 2) {
      return null;
    }
    const seconds = (performance.now() - this.began - this.firstMillis) / 1000;
    return seconds > 0 ? (this.tokens - 1) / seconds : null;
  }

  async #follow() {
    let wait = FIRST_WAIT_MILLIS;
    while (!this.stopping.signal.aborted) {
      try {
        for await (const {event, data} of events(
          `chats/${this.chat}/messages/${this.message.id}/events`,
          this.stopping.signal,
        )) {
          wait = FIRST_WAIT_MILLIS;
          if (this.#take(event, data)) {
            return;
          }
        }
      } catch (e) {
        if (this.stopping.signal.aborted) {
          return;
        }
        if (e.status === 404) {
          showProblem(e);
          this.#take('done', {...this.message, state: 'done', finish: 'error', error: e.message});
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
    }
  }

  /** Whether it was the end. @param {string} event @param {any} data */
  #take(event, data) {
    if (event === 'state') {
      this.message = {...this.message, ...data};
    } else if (event === 'delta') {
      this.#first();
      this.message.content += data.content ?? '';
      this.message.reasoning += data.reasoning ?? '';
      this.tokens++;
    } else if (event === 'token') {
      this.message.tokens = [...(this.message.tokens ?? []), data];
    } else if (event === 'done') {
      this.message = data;
      this.stopping.abort();
      this.whenDone(data);
    }
    this.changed();
    return event === 'done';
  }

  #first() {
    if (this.firstMillis === null) {
      this.firstMillis = performance.now() - this.began;
      notices.speak(t('chat.spoken.begun'));
    }
  }
}
