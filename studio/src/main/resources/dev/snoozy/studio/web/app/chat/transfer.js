import {html} from 'lit-html';

import {plural, t} from 'app/core/i18n.js';
import {post} from 'app/core/api.js';
import {chats} from 'app/chat/chats.js';
import {chooseFiles, download} from 'app/parts/clipboard.js';
import {openDialog} from 'app/parts/dialog.js';
import {notices, trying} from 'app/parts/toast.js';

const FORMATS = ['snoozy', 'gpt4all', 'openwebui', 'chatgpt'];

/** @param {string} name */
function fileName(name) {
  return name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim().slice(0, 60) || 'chat';
}

/** Hands chats to the person as a file. @param {{id: string, title: string}} [chat] one, or all */
export async function exportDialog(chat) {
  const format = await openDialog({
    title: chat ? t('export') : t('export.all'),
    body: (close) => html`
      <p class="prose">${t('export.text')}</p>
      <div class="dialog__actions">
        <button class="button" @click=${() => close('md')}>${t('export.markdown')}</button>
        <button class="button button--main" @click=${() => close('json')}>${t('export.json')}</button>
      </div>
    `,
  });
  if (format) {
    await trying(async () => {
      const blob = await chats.export(format, chat?.id);
      download(`${fileName(chat?.title || t('nav.chat'))}.${format}`, blob);
    });
  }
}

/** What program wrote an export, by what stands in it. @param {any} data */
function guess(data) {
  const first = Array.isArray(data) ? data[0] : data;
  if (first?.snoozy || first?.format === 'snoozy' || first?.chats) {
    return 'snoozy';
  }
  if (first?.mapping) {
    return 'chatgpt';
  }
  return first?.chat?.history ? 'openwebui' : 'gpt4all';
}

/** @param {string} text @param {string} name */
function parse(text, name) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(t('import.notJson', {name}));
  }
}

/** The files of GPT4All are no text. @param {File} file @returns {Promise<string>} */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result.replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

/** Takes chats of an export. */
export async function importDialog() {
  const [file] = await chooseFiles('.json,.chat,application/json');
  if (!file) {
    return;
  }
  await trying(async () => {
    const isBinary = file.name.toLowerCase().endsWith('.chat');
    const data = isBinary ? await base64(file) : parse(await file.text(), file.name);
    const format = await choose(isBinary ? 'gpt4all' : guess(data), file.name);
    if (format) {
      const {chats: count, skipped = []} = await post('import', {format, data});
      await chats.load();
      notices.show({text: plural('import.done', count)});
      if (skipped.length > 0) {
        notices.show({text: plural('import.skipped', skipped.length), problem: true});
      }
    }
  });
}

/** @param {string} guessed @param {string} name */
function choose(guessed, name) {
  return openDialog({
    title: t('import'),
    body: (close) => html`<form
      @submit=${(e) => {
        e.preventDefault();
        close(e.target.elements.format.value);
      }}
    >
      <p class="prose">${t('import.text', {name})}</p>
      <label class="field"
        ><span>${t('import.format')}</span>
        <select name="format">
          ${FORMATS.map((f) => html`<option value=${f} ?selected=${f === guessed}>${t('import.' + f)}</option>`)}
        </select></label
      >
      <div class="dialog__actions">
        <button class="button" type="button" @click=${() => close()}>${t('cancel')}</button>
        <button class="button button--main" type="submit">${t('import')}</button>
      </div>
    </form>`,
  });
}
