import {t} from 'app/core/i18n.js';
import {notices} from 'app/parts/toast.js';

/** Copies text and says so. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notices.show({text: t('copied')});
  } catch {
    notices.show({text: t('copy.failed'), problem: true});
  }
}

/** Hands a file to the person. @param {string} name @param {Blob} blob */
export function download(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Lets the person choose files. @param {string} accept @param {boolean} [several] @returns {Promise<File[]>} */
export function chooseFiles(accept, several = false) {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.multiple = several;
    input.addEventListener('change', () => resolve([...input.files]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
