import {get, post} from 'app/core/api.js';
import {t} from 'app/core/i18n.js';
import {go} from 'app/core/router.js';
import {chats} from 'app/chat/chats.js';
import {draft} from 'app/chat/draft.js';
import {notices, trying} from 'app/parts/toast.js';

/** Begins a new chat with a model. @param {string} name */
export async function chatWith(name) {
  await trying(async () => {
    await draft.set({model: name});
    await chats.load(); // the model may be new
    go('chat');
  });
}

/** Whether texts can be written with a model: those of the Bert families make vectors. @param {any} model */
export function writes(model) {
  return !model.why && !/bert$/.test(model.architecture ?? '') && model.kind !== 'vectors';
}

/**
 * Says that a job has brought a model, and offers a chat.
 * @param {string} id of the job
 * @returns {Promise<{name?: string, reference?: string}>} what it has brought
 */
export async function announce(id) {
  const {result = {}} = await get(`jobs/${encodeURIComponent(id)}`);
  const name = result.name;
  if (name) {
    notices.show({text: t('downloads.arrived', {name}), action: {text: t('models.chat'), run: () => chatWith(name)}});
  }
  return result;
}

/** Has a model fetched. @param {string} reference @returns {Promise<any>} the job, or undefined */
export function pull(reference) {
  return trying(() => post('jobs', {kind: 'pull', reference}));
}

/** The offers, of which one is here now. @param {any[]} offers @param {string} reference */
export function marked(offers, reference) {
  const same = (offer) => `hf://${offer.reference}`.toLowerCase() === reference.toLowerCase();
  return offers.map((offer) => (same(offer) ? {...offer, here: true} : offer));
}
