import {get, patch, post, remove} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {Store} from 'app/core/store.js';
import {LiveMessage} from 'app/chat/live.js';
import {children, leafBelow, newestLeaf, path, subtree} from 'app/chat/tree.js';
import {notices, trying, undoable} from 'app/parts/toast.js';

const SPOKEN_LENGTH = 200;

/** The chat that is open: its tree of messages, and the answers in progress. */
export class OpenChat extends Store {
  /** @param {string} id @param {{writes: (id: string, writes: boolean) => void}} all */
  constructor(id, all) {
    super();
    this.id = id;
    this.all = all;
    /** @type {any} */
    this.chat = {id, title: '', options: {}, system: '', model: ''};
    /** @type {Map<string, any>} */
    this.messages = new Map();
    /** @type {string | null} */
    this.leaf = null;
    /** @type {Map<string, LiveMessage>} */
    this.live = new Map();
    /** @type {any} */
    this.context = null;
    this.loaded = false;
    this.problem = null;
    this.keepTokens = false;
  }

  async load() {
    try {
      const {messages, ...chat} = await get(`chats/${this.id}`);
      this.chat = {...chat, options: chat.options ?? {}};
      this.messages = new Map(messages.map((m) => [m.id, m]));
      this.leaf = this.messages.has(chat.leaf) ? chat.leaf : newestLeaf(this.messages);
      for (const message of messages) {
        if (message.state === 'writing') {
          this.#follow(message);
        }
      }
    } catch (e) {
      this.problem = e;
    }
    this.loaded = true;
    this.changed();
    this.measure();
  }

  /** Stops looking at answers in progress, which go on. */
  close() {
    for (const live of this.live.values()) {
      live.leave();
    }
    this.live.clear();
  }

  /** What is shown, first message first. */
  get path() {
    return path(this.messages, this.leaf);
  }

  /** A message and those that stand for it in other branches. @param {any} message */
  siblings(message) {
    return children(this.messages).get(message.parent ?? null) ?? [message];
  }

  /** @param {object} message */
  #follow(message) {
    const live = new LiveMessage(this.id, message, (done) => this.#ended(done));
    this.live.set(message.id, live);
    this.all.writes(this.id, true);
  }

  /** @param {any} message */
  #ended(message) {
    this.live.delete(message.id);
    this.messages.set(message.id, message);
    this.changed();
    if (this.live.size === 0) {
      this.all.writes(this.id, false);
    }
    const text = message.content.slice(0, SPOKEN_LENGTH);
    notices.speak(t('chat.spoken.done', {text}));
    this.measure();
  }

  /** Shows another branch. @param {string} id */
  async goTo(id) {
    this.leaf = leafBelow(this.messages, id);
    this.changed();
    await trying(() => patch(`chats/${this.id}`, {leaf: this.leaf}));
    this.measure();
  }

  /** Says something and lets the model answer. @param {string} content @param {object[]} attachments */
  async say(content, attachments) {
    const message = await this.#add({parent: this.leaf, role: 'user', content, attachments});
    await this.generate(message.id);
  }

  /** @param {object} values */
  async #add(values) {
    const message = await post(`chats/${this.id}/messages`, values);
    this.messages.set(message.id, message);
    this.leaf = message.id;
    this.changed();
    return message;
  }

  /** Lets the model answer a message. @param {string | null} parent @param {object} [more] */
  async generate(parent, more = {}) {
    const asked = {parent, tokens: this.keepTokens, ...more};
    const {message: id} = await post(`chats/${this.id}/generate`, asked);
    const begun = this.messages.get(id) ?? {
      id,
      parent,
      role: 'assistant',
      attachments: [],
      created: new Date().toISOString(),
      model: this.chat.model,
    };
    const message = {...begun, id, state: 'writing', content: begun.content ?? '', reasoning: begun.reasoning ?? ''};
    this.messages.set(id, message);
    this.leaf = id;
    this.#follow(message);
    this.changed();
  }

  /** Another answer in place of one. @param {any} message */
  regenerate(message) {
    return this.generate(message.parent);
  }

  /** Goes on where an answer ended. @param {any} message */
  continue(message) {
    return this.generate(message.parent, {continueOf: message.id});
  }

  /** Another message in place of one, as a branch beside it. @param {any} message @param {string} content */
  async edit(message, content) {
    const {parent, role, attachments} = message;
    const added = await this.#add({parent, role, content, attachments});
    if (role === 'user') {
      await this.generate(added.id);
    } else {
      this.measure();
    }
    return added;
  }

  /**
   * Another branch, which begins as an answer did, up to a token in whose place stands another.
   * @param {any} message @param {{index: number, token: number}} from
   */
  branchFrom(message, from) {
    return this.generate(message.parent, {continueOf: message.id, from, tokens: true});
  }

  /** Removes a message and all below it, which can be taken back for a while. @param {any} message */
  delete(message) {
    const gone = subtree(this.messages, message.id).map((id) => this.messages.get(id));
    const leaf = this.leaf;
    const all = new Map(this.messages);
    gone.forEach((m) => this.messages.delete(m.id));
    const beside = (children(this.messages).get(message.parent ?? null) ?? []).at(-1);
    this.leaf = beside ? leafBelow(this.messages, beside.id) : (message.parent ?? null);
    this.changed();
    undoable(
      t('chat.messageDeleted'),
      () => {
        this.messages = all;
        this.leaf = leaf;
        this.changed();
      },
      () =>
        remove(`chats/${this.id}/messages/${message.id}`, {keepalive: true})
          .then(() => this.measure())
          .catch(() => {}),
    );
  }

  /** Ends all answers in progress. */
  async stop() {
    await Promise.all([...this.live.values()].map((live) => trying(() => live.stop())));
  }

  /** @param {object} changes of the options; undefined takes one back */
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
    await trying(() => patch(`chats/${this.id}`, changes));
    this.measure();
  }

  /** Asks how much of the context is used. */
  async measure() {
    if (!this.loaded || this.messages.size === 0 || this.live.size > 0) {
      return;
    }
    try {
      this.context = await get(`chats/${this.id}/context?leaf=${this.leaf ?? ''}`);
    } catch {
      this.context = null; // Without a model there is nothing to measure by.
    }
    this.changed();
  }
}
