import {bytes, t} from 'app/core/i18n.js';

const LARGEST_FILE = 256 * 1024;
const LARGEST_SUM = 1024 * 1024;

/** What file dialogs offer; anything else that is text may be dropped. */
export const ACCEPTED =
  'text/*,.md,.csv,.tsv,.json,.jsonl,.xml,.yaml,.yml,.toml,.ini,.log,.java,.kt,.py,.js,.ts,.c,.h,.cpp,.cs,.go,.rs,.rb,.php,.sh,.sql,.tex,.rst';

/**
 * Reads files as text; what is no text, or too large, is refused with a reason.
 * @param {File[]} files @param {{bytes: number}[]} already
 */
export async function readFiles(files, already) {
  const read = [];
  const refused = [];
  let sum = already.reduce((total, file) => total + file.bytes, 0);
  for (const file of files) {
    const {name, size} = file;
    if (size > LARGEST_FILE) {
      refused.push(t('attach.tooLarge', {name, size: bytes(size), limit: bytes(LARGEST_FILE)}));
    } else if (sum + size > LARGEST_SUM) {
      refused.push(t('attach.tooMuch', {name, limit: bytes(LARGEST_SUM)}));
    } else {
      const text = decode(await file.arrayBuffer());
      if (text === null) {
        refused.push(t('attach.notText', {name}));
      } else {
        sum += size;
        read.push({name, bytes: size, text});
      }
    }
  }
  return {read, refused};
}

/** Text in UTF-8, or null. @param {ArrayBuffer} buffer */
function decode(buffer) {
  try {
    const text = new TextDecoder('utf-8', {fatal: true}).decode(buffer);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
