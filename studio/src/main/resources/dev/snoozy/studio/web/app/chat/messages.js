import {repeat} from 'lit-html/directives/repeat.js';

import {css} from 'app/core/css.js';
import {SnoozyElement, html, when} from 'app/core/element.js';
import {icon} from 'app/core/icons.js';
import {t} from 'app/core/i18n.js';
import {router} from 'app/core/router.js';

import 'app/chat/message.js';

/** Messages are drawn in groups; a group far from what is seen is an empty space of its height. */
const GROUP = 8;
const GUESSED_HEIGHT = 170;
const MARGIN = '1600px 0px';
const NEAR_END = 80;

/** The conversation. Of thousands of messages only those near what is seen are drawn. */
class Messages extends SnoozyElement {
  static properties = {chat: {attribute: false}, away: {state: true}};

  #near = new Set();
  #heights = new Map();
  #followsEnd = true;
  #shownChat = null;

  constructor() {
    super();
    this.chat = null;
    this.away = false;
    this.observer = null;
    this.sizes = new ResizeObserver(() => this.#keepEnd());
  }

  willUpdate(changed) {
    if (changed.has('chat')) {
      const old = changed.get('chat');
      if (old) {
        this.forgets(old);
      }
      this.uses(this.chat);
      this.#near.clear();
      this.#heights.clear();
      this.#followsEnd = true;
      this.away = false;
      this.#shownChat = null;
    }
  }

  firstUpdated() {
    const scroller = this.querySelector('.messages');
    this.observer = new IntersectionObserver((seen) => this.#see(seen), {root: scroller, rootMargin: MARGIN});
    this.sizes.observe(this.querySelector('.messages__all'));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.observer?.disconnect();
  }

  updated() {
    for (const group of this.querySelectorAll('.messages__group')) {
      this.observer.observe(group);
    }
    if (this.chat.loaded && this.#shownChat !== this.chat) {
      this.#shownChat = this.chat;
      this.#begin();
    }
  }

  /** Where a chat begins to be read: at its end, or at the message that was searched for. */
  #begin() {
    const wanted = router.parts[1];
    const at = wanted ? this.chat.path.findIndex((m) => m.id === wanted) : -1;
    if (at >= 0) {
      this.#followsEnd = false;
      this.querySelectorAll('.messages__group')[Math.floor(at / GROUP)].scrollIntoView();
    } else {
      this.#keepEnd();
    }
  }

  /** @param {IntersectionObserverEntry[]} seen */
  #see(seen) {
    let changed = false;
    for (const {target, isIntersecting, boundingClientRect} of seen) {
      const index = Number(target.dataset.group);
      if (isIntersecting && !this.#near.has(index)) {
        this.#near.add(index);
        changed = true;
      } else if (!isIntersecting && this.#near.delete(index)) {
        this.#heights.set(index, boundingClientRect.height);
        changed = true;
      }
    }
    if (changed) {
      this.requestUpdate();
    }
  }

  #keepEnd() {
    if (this.#followsEnd) {
      const scroller = this.querySelector('.messages');
      scroller.scrollTop = scroller.scrollHeight;
    }
  }

  /** @param {Event} e */
  #scrolled({target}) {
    const rest = target.scrollHeight - target.scrollTop - target.clientHeight;
    this.#followsEnd = rest < NEAR_END;
    this.away = rest > 4 * NEAR_END;
  }

  #toEnd() {
    this.#followsEnd = true;
    this.#keepEnd();
  }

  render() {
    const {chat} = this;
    if (chat.problem) {
      return html`<div class="messages" tabindex="-1"><div class="messages__all"><p class="notice notice--bad">${chat.problem.message}</p></div></div>`;
    }
    const shown = chat.path;
    const groups = [];
    for (let i = 0; i < shown.length; i += GROUP) {
      groups.push({index: i / GROUP, list: shown.slice(i, i + GROUP)});
    }
    const last = groups.length - 1;
    return html`<div
        class="messages"
        tabindex="0"
        role="region"
        aria-label=${t('chat.messages')}
        @scroll=${(e) => this.#scrolled(e)}
        @wheel=${(e) => {
          if (e.deltaY < 0) {
            this.#followsEnd = false;
          }
        }}
      >
        <div class="messages__all">
          ${repeat(
            groups,
            (group) => group.index,
            ({index, list}) => this.#group(index, list, index === last),
          )}
        </div>
      </div>
      ${when(
        this.away,
        () => html`<button class="button messages__end" @click=${() => this.#toEnd()}>${icon('down')}${t('chat.toEnd')}</button>`,
      )}`;
  }

  /** @param {number} index @param {any[]} list @param {boolean} isLast */
  #group(index, list, isLast) {
    if (!this.#near.has(index) && !isLast) {
      const height = this.#heights.get(index) ?? GUESSED_HEIGHT * list.length;
      return html`<div class="messages__group" data-group=${index} ${css({height: `${height}px`})}></div>`;
    }
    return html`<div class="messages__group" data-group=${index}>
      ${repeat(
        list,
        (message) => message.id,
        (message) => html`<sz-message .chat=${this.chat} .message=${message}></sz-message>`,
      )}
    </div>`;
  }
}
customElements.define('sz-messages', Messages);
