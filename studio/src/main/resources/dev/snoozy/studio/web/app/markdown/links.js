import {html} from 'lit-html';

import {t} from 'app/core/i18n.js';
import {safeAddress} from 'app/markdown/parse.js';
import {copy} from 'app/parts/clipboard.js';
import {openDialog} from 'app/parts/dialog.js';

/** Makes the links below an element ask first. @param {Element} root */
export function guardLinks(root) {
  for (const link of root.querySelectorAll('a[href]')) {
    link.rel = 'noopener noreferrer nofollow';
    link.target = '_blank';
    link.addEventListener('click', (e) => {
      e.preventDefault();
      follow(link.getAttribute('href'));
    });
    link.addEventListener('auxclick', (e) => e.preventDefault());
  }
}

/** Shows where a link leads before anything is opened. @param {string} href */
async function follow(href) {
  const url = safeAddress(href);
  if (!url) {
    return;
  }
  const chosen = await openDialog({
    title: t('link.title'),
    body: (close) => html`
      <p class="prose">${t('link.text')}</p>
      <p class="link-host" data-test="link-host">${url.protocol === 'mailto:' ? url.pathname : url.host}</p>
      <p class="mono small link-address">${url.href}</p>
      <div class="dialog__actions">
        <button class="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button" @click=${() => close('copy')}>${t('link.copy')}</button>
        <button class="button button--main" @click=${() => close('open')}>${t('link.open')}</button>
      </div>
    `,
  });
  if (chosen === 'copy') {
    await copy(url.href);
  } else if (chosen === 'open') {
    open(url.href, '_blank', 'noopener,noreferrer');
  }
}
