// An encrypted reply of getmedrealname, opened with the hospital's key.
import { attempt, unmark } from './errors.mjs';
import { announce, button, copyable, field, form, h, note, put, submitButton, toPanel } from './dom.mjs';
import { time } from './format.mjs';
import { has, say, text } from './language.mjs';
import { replyBody, replyFields } from './pasted.mjs';
import { person } from './reveal.mjs';
import * as samples from './samples.mjs';

export const id = 'medical';

/** No hospital's: a refusal is read without one. */
const NO_KEY = '0'.repeat(32);

/** What a reply leaves out is not compared. */
const textIn = (value) => (typeof value === 'string' && value !== '' ? value : 'NONE');

export function build(api, panel) {
  const body = field(say('reply.body'), { name: 'body', rows: 8, hint: say('medical.bodyHint') });
  const key = field(say('medical.key'), { name: 'medicalKeys', wide: true, hint: say('medical.keyHint') });
  const result = h('div', { class: 'result', id: 'medical-result' });

  const open = () =>
    attempt(api, panel, result, () => {
      const reply = replyBody(body.input.value);
      const { key_version: version, app_id: appId, open_id: openid, ...fields } = replyFields(reply);
      if ('encryted_real_name' in fields || 'encrypted_real_name' in fields) {
        put(result, note('warn', h('p', {}, say('medical.notThis'), ' ', toPanel('reply', say('reply.tab')))));
        return announce(text('medical.notThis'));
      }
      const keyVersion = Number.isInteger(version) && version >= 0 && version < 2 ** 32 ? version : 0;
      const medicalKeys = { [keyVersion]: 'cipher_real_name' in fields ? key.input.value.trim() : NO_KEY };
      // The mini program and its user are those that the reply names: nothing else is known of them here.
      const context = { accessToken: 'ACCESS_TOKEN', appId: textIn(appId), medicalKeys };
      const call = api.operations.getMedicalRealName({ openid: textIn(openid), wxmedAuthcode: 'AUTHCODE' }, context);
      const opened = call.interpret({ status: 200, body: reply });
      put(result, shown(opened, keyVersion));
      announce(text('reply.opened'));
    });
  const clear = () => {
    for (const one of [body, key]) one.input.value = '';
    unmark(panel);
    put(result);
    announce(text('common.cleared'));
    body.input.focus();
  };

  panel.sampleHint = 'common.sampleHint';
  panel.sample = () => {
    body.input.value = JSON.stringify(samples.medical.reply, null, 2);
    key.input.value = samples.medical.key;
    open();
  };
  const decrypt =
    'openssl base64 -d -A -in ciphertext.txt | ' +
    'openssl enc -d -aes-256-ecb -K "$(od -An -v -tx1 medical_key.txt | tr -d \' \\n\')"; echo';
  return [
    form(
      open,
      h('div', { class: 'grid' }, body, key),
      h('div', { class: 'buttons' }, submitButton(say('reply.button')), button(say('common.clear'), clear)),
    ),
    result,
    h(
      'details',
      {},
      h('summary', {}, say('medical.openssl')),
      copyable('cipher_real_name', decrypt, { name: 'decrypt-medical', hint: say('medical.opensslHint') }),
    ),
  ];
}

const typeKey = (type) => (has(`medical.type.${type}`) ? `medical.type.${type}` : 'medical.otherType');

const shown = ({ realName, idCardNo, idCardType, phone, phoneCountryCode, timestamp }, keyVersion) =>
  h(
    'div',
    { class: 'note good' },
    h('h3', {}, say('reply.opened')),
    person([
      [say('reply.realName'), realName, true],
      [say('reply.credentialId'), idCardNo, true],
      [say('medical.type'), h('span', {}, say(typeKey(idCardType), idCardType))],
      [say('medical.phone'), phone, true],
      [say('medical.country'), phoneCountryCode],
      [say('medical.timestamp'), time(timestamp)],
      ['key_version', keyVersion],
    ]),
  );
