import {SnoozyElement, html} from 'app/core/element.js';
import {remove} from 'app/core/api.js';
import {icon} from 'app/core/icons.js';
import {duration, number, t} from 'app/core/i18n.js';
import {trying} from 'app/parts/toast.js';

/** What programs have asked of late, and ask now. Nothing of what was said. */
class ServerRequests extends SnoozyElement {
  static properties = {entries: {attribute: false}};

  constructor() {
    super();
    /** @type {any[]} */
    this.entries = [];
  }

  render() {
    if (this.entries.length === 0) {
      return html`<p class="soft">${t('server.idle')}</p>`;
    }
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('server.requests')}>
      <table class="table-plain" data-test="requests">
        <thead>
          <tr>
            <th scope="col">${t('server.request')}</th>
            <th scope="col">${t('model')}</th>
            <th scope="col">${t('server.state')}</th>
            <th scope="col" class="right">${t('server.tokens')}</th>
            <th scope="col" class="right">${t('server.perSecond')}</th>
            <th scope="col" class="right">${t('server.time')}</th>
            <th scope="col"><span class="only-spoken">${t('stop')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.entries.map((entry) => this.#row(entry))}
        </tbody>
      </table>
    </div>`;
  }

  /** @param {any} entry */
  #row(entry) {
    const running = entry.state === 'running';
    const tokens = entry.promptTokens + entry.generatedTokens;
    return html`<tr>
      <td><code>${entry.path}</code></td>
      <td>${entry.model}</td>
      <td>
        <span class="badge ${running ? 'badge--good' : entry.state === 'failed' ? 'badge--bad' : ''}"
          >${t('server.state.' + entry.state)}${entry.state === 'failed' ? ` ${entry.status}` : ''}</span
        >
      </td>
      <td class="right">${tokens ? `${number(entry.promptTokens)} + ${number(entry.generatedTokens)}` : ''}</td>
      <td class="right">${entry.tokensPerSecond ? number(entry.tokensPerSecond, 1) : ''}</td>
      <td class="right">${duration(entry.millis / 1000)}</td>
      <td class="right">
        ${running
          ? html`<button
              class="icon-button"
              aria-label=${t('server.stop', {path: entry.path})}
              title=${t('stop')}
              @click=${() => trying(() => remove(`server/requests/${entry.id}`))}
            >
              ${icon('stop')}
            </button>`
          : ''}
      </td>
    </tr>`;
  }
}
customElements.define('sz-server-requests', ServerRequests);
