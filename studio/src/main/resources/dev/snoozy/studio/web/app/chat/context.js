import {css} from 'app/core/css.js';

import {SnoozyElement, html, when} from 'app/core/element.js';
import {number, plural, t} from 'app/core/i18n.js';
import {openDialog} from 'app/parts/dialog.js';

const NEARLY_FULL = 0.85;

/** How much of the model's context the conversation takes, and what would not be sent. */
class ContextMeter extends SnoozyElement {
  static properties = {chat: {attribute: false}};

  willUpdate(changed) {
    if (changed.get('chat')) {
      this.forgets(changed.get('chat'));
    }
    this.uses(this.chat);
  }

  #open() {
    const {tokens, limit, policy, dropped = [], perMessage = [], passageTokens = 0} = this.chat.context;
    openDialog({
      title: t('context.title'),
      body: () => html`
        <p class="prose">${t('context.text', {tokens: number(tokens), limit: number(limit)})}</p>
        <p class="prose">${t('context.policy.' + String(policy).toLowerCase())}</p>
        ${when(dropped.length > 0, () => html`<p class="notice notice--warn">${plural('context.dropped', dropped.length)}</p>`)}
        <table class="table-plain">
          <thead>
            <tr>
              <th scope="col">${t('context.message')}</th>
              <th scope="col" class="right">${t('context.tokens')}</th>
            </tr>
          </thead>
          <tbody>
            ${perMessage.slice(-50).map(
              ({id, tokens: count, sent}) => html`<tr class=${sent === false ? 'soft' : ''}>
                <td dir="auto">${(this.chat.messages.get(id)?.content ?? t('system')).slice(0, 60)}</td>
                <td class="right">${number(count)}</td>
              </tr>`,
            )}
            ${when(
              passageTokens > 0,
              () => html`<tr data-test="context-passages">
                <td>${t('context.passages')}</td>
                <td class="right">${number(passageTokens)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      `,
    });
  }

  render() {
    const {context} = this.chat;
    if (!context?.limit) {
      return html``;
    }
    const part = Math.min(1, context.tokens / context.limit);
    const dropped = context.dropped?.length > 0;
    const label = t('context.label', {tokens: number(context.tokens), limit: number(context.limit)});
    return html`<button class="meter" title=${label} data-test="context" @click=${() => this.#open()}>
      <span class="only-spoken">${label}</span>
      <span class="meter__bar"
        ><span
          class="meter__part ${dropped || part > NEARLY_FULL ? 'meter__part--full' : ''}"
          ${css({width: `${100 * part}%`})}
        ></span
      ></span>
      <span class="small">${number(100 * part)} %</span>
    </button>`;
  }
}
customElements.define('sz-context', ContextMeter);
