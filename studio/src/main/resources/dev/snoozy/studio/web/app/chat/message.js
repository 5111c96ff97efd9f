import {SnoozyElement, html, nothing, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {bytes, number, plural, t} from 'app/core/i18n.js';
import {linkCitations} from 'app/chat/citations.js';
import {chats} from 'app/chat/chats.js';
import {copy} from 'app/parts/clipboard.js';
import {openDialog} from 'app/parts/dialog.js';
import {trying} from 'app/parts/toast.js';

import 'app/markdown/view.js';
import 'app/parts/menu.js';

/** A message, with what can be done with it. */
class MessageElement extends SnoozyElement {
  static properties = {
    chat: {attribute: false},
    message: {attribute: false},
    editing: {state: true},
    showsTokens: {state: true},
  };

  constructor() {
    super();
    this.editing = false;
    this.showsTokens = false;
    this.live = null;
  }

  willUpdate() {
    this.uses(this.chat);
    const live = this.chat.live.get(this.message.id) ?? null;
    if (live !== this.live) {
      if (this.live) {
        this.forgets(this.live);
      }
      this.live = live;
      if (live) {
        this.uses(live);
      }
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.forgets(this.chat);
  }

  render() {
    const message = this.live?.message ?? this.message;
    const isUser = message.role === 'user';
    const dropped = this.chat.context?.dropped?.includes(message.id);
    return html`<article
      class="message message--${message.role} ${dropped ? 'message--dropped' : ''}"
      data-test="message"
      data-id=${message.id}
    >
      <h2 class="only-spoken">${isUser ? t('chat.youSaid') : t('chat.modelSaid')}</h2>
      ${when(dropped, () => html`<p class="badge badge--warn">${t('context.notSent')}</p>`)}
      ${when(message.reasoning, () => this.#reasoning(message))}
      ${this.editing ? this.#editor(message) : this.#content(message)}
      ${when(message.attachments?.length > 0, () => this.#attachments(message.attachments))} ${this.#citations(message)}
      ${this.#ending(message)}
      ${this.#foot(message)}
    </article>`;
  }

  /** The numbers in an answer from documents lead to the passages. */
  updated() {
    const content = this.querySelector('.message > sz-markdown');
    const {stats, options} = this.message;
    if (!this.live && stats?.documents && content) {
      linkCitations(content, stats.documents, options?.documents ?? []);
    }
  }

  /** @param {any} message */
  #citations(message) {
    if (this.live || !message.stats?.documents) {
      return nothing;
    }
    return html`<sz-citations
      .documents=${message.stats.documents}
      .collections=${message.options?.documents ?? []}
      .asked=${this.chat.messages.get(message.parent)?.content ?? ''}
    ></sz-citations>`;
  }

  /** @param {any} message */
  #reasoning(message) {
    const thinking = this.live && !message.content;
    return html`<details class="reasoning">
      <summary>${thinking ? t('chat.thinking') : t('chat.thought')}</summary>
      <sz-markdown .live=${Boolean(this.live)} .text=${message.reasoning}></sz-markdown>
    </details>`;
  }

  /** @param {any} message */
  #content(message) {
    if (this.showsTokens && message.tokens) {
      import('app/tokens/view.js');
      return html`<sz-tokens
        .tokens=${message.tokens}
        @choose=${({detail: {index, token}}) => trying(() => this.chat.branchFrom(message, {index, token}))}
      ></sz-tokens>`;
    }
    if (this.live && !message.content && !message.reasoning) {
      return html`<p class="waiting"><span class="pulse"></span>${t('chat.waiting')}</p>`;
    }
    return html`<sz-markdown .live=${Boolean(this.live)} .text=${message.content}></sz-markdown>`;
  }

  /** @param {any} message */
  #editor(message) {
    return html`<form
      class="edit"
      @submit=${(e) => {
        e.preventDefault();
        const text = this.querySelector('.edit textarea').value;
        this.editing = false;
        trying(() => this.chat.edit(message, text));
      }}
    >
      <textarea
        rows=${Math.min(20, message.content.split('\n').length + 2)}
        aria-label=${t('chat.edit')}
        .value=${message.content}
        @keydown=${(e) => {
          if (e.key === 'Escape') {
            e.preventDefault();
            this.editing = false;
          }
        }}
      ></textarea>
      <div class="row">
        <button class="button button--main button--small" type="submit">
          ${message.role === 'user' ? t('chat.editSend') : t('chat.editKeep')}
        </button>
        <button class="button button--small" type="button" @click=${() => (this.editing = false)}>${t('cancel')}</button>
        <span class="soft small">${t('chat.editHint')}</span>
      </div>
    </form>`;
  }

  /** @param {any[]} list */
  #attachments(list) {
    return html`<ul class="plain attachments">
      ${list.map(
        (a) => html`<li>
          <button
            class="chip"
            @click=${() => openDialog({title: a.name, wide: true, body: () => html`<pre class="plain-text" tabindex="0">${a.text}</pre>`})}
          >
            ${icon('attach')}<span dir="auto">${a.name}</span><span class="soft small">${bytes(a.bytes)}</span>
          </button>
        </li>`,
      )}
    </ul>`;
  }

  /** @param {any} message */
  #ending(message) {
    if (this.live || message.role !== 'assistant') {
      return '';
    }
    if (message.finish === 'error') {
      return html`<p class="notice notice--bad">${icon('warning')}${message.error ?? t('finish.error')}</p>`;
    }
    const dropped = message.stats?.dropped ?? 0;
    const lost = dropped > 0 ? html`<p class="notice notice--warn">${plural('chat.dropped', dropped)}</p>` : nothing;
    const words = {length: 'finish.length', cancelled: 'finish.cancelled', interrupted: 'finish.interrupted'};
    return message.finish in words ? html`${lost}<p class="soft small">${t(words[message.finish])}</p>` : lost;
  }

  /** @param {any} message */
  #foot(message) {
    const isAnswer = message.role === 'assistant';
    if (this.live) {
      return html`<footer class="message__foot">
        <button class="button button--small" data-test="stop" @click=${() => trying(() => this.live.stop())}>${icon('stop')}${t('stop')}</button>
        ${when(this.live.speed, () => html`<span class="soft small">${t('stats.speed', {speed: number(this.live.speed, 1)})}</span>`)}
      </footer>`;
    }
    return html`<footer class="message__foot">
      ${this.#siblings()} ${this.#button('copy', t('copy'), () => copy(message.content))}
      ${this.#button('edit', t('chat.edit'), () => this.#edit())}
      ${when(isAnswer, () => this.#button('redo', t('chat.regenerate'), () => trying(() => this.chat.regenerate(message))))}
      ${when(isAnswer, () => this.#button('next', t('chat.continue'), () => trying(() => this.chat.continue(message))))}
      ${when(message.tokens?.length > 0, () =>
        this.#button('eye', t('tokens.toggle'), () => (this.showsTokens = !this.showsTokens), this.showsTokens),
      )}
      <sz-menu .label=${t('chat.messageMenu')} .items=${() => this.#items(message)}></sz-menu>
      ${when(isAnswer, () => this.#stats(message))}
    </footer>`;
  }

  async #edit() {
    this.editing = true;
    await this.updateComplete;
    this.querySelector('.edit textarea').focus();
  }

  /** @param {string} name @param {string} label @param {() => void} run @param {boolean} [pressed] */
  #button(name, label, run, pressed) {
    return html`<button
      class="icon-button"
      aria-label=${label}
      title=${label}
      aria-pressed=${pressed ?? nothing}
      data-test=${name}
      @click=${run}
    >
      ${icon(name)}
    </button>`;
  }

  /** @param {any} message */
  #items(message) {
    return [
      {text: t('chat.branchHere'), icon: 'branch', run: () => trying(() => chats.duplicate(this.chat.id, message.id))},
      {text: t('delete'), icon: 'trash', danger: true, run: () => this.chat.delete(message)},
    ];
  }

  #siblings() {
    const all = this.chat.siblings(this.message);
    const at = all.findIndex((m) => m.id === this.message.id);
    if (all.length < 2) {
      return '';
    }
    const go = (to) => trying(() => this.chat.goTo(all[to].id));
    return html`<span class="siblings" role="group" aria-label=${t('chat.branches')}>
      <button class="icon-button" aria-label=${t('chat.branchBefore')} ?disabled=${at === 0} @click=${() => go(at - 1)}>${icon('left')}</button>
      <span class="small" data-test="siblings">${at + 1}/${all.length}</span>
      <button class="icon-button" aria-label=${t('chat.branchAfter')} ?disabled=${at === all.length - 1} @click=${() => go(at + 1)}>
        ${icon('right')}
      </button>
    </span>`;
  }

  /** @param {any} message */
  #stats(message) {
    const {stats = {}, seed, model} = message;
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
    if (model) {
      parts.push(model);
    }
    const hasSeed = seed !== null && seed !== undefined;
    return html`<span class="stats soft small" data-test="stats"
      >${parts.join(' · ')}${when(
        hasSeed,
        () => html`<button
          class="chip chip--small"
          title=${t('seed.reuse')}
          data-test="seed"
          @click=${() => trying(() => this.chat.setOptions({seed}))}
        >
          ${icon('dice')}${t('seed', {seed})}
        </button>`,
      )}</span
    >`;
  }
}
customElements.define('sz-message', MessageElement);
