// An encrypted reply of getrealnameinfo, opened with the merchant's key.
import { attempt, unmark } from './errors.mjs';
import { announce, button, copyable, field, form, h, note, put, submitButton, toPanel } from './dom.mjs';
import { now } from './format.mjs';
import { say, text } from './language.mjs';
import { merchantLine } from './merchant_line.mjs';
import { person } from './reveal.mjs';
import { replyBody, replyFields } from './pasted.mjs';
import * as samples from './samples.mjs';
import { onMerchant, openedMerchant, setMerchant } from './shared.mjs';

export const id = 'reply';

export function build(api, panel) {
  const body = field(say('reply.body'), { name: 'body', rows: 8, hint: say('reply.bodyHint') });
  const result = h('div', { class: 'result', id: 'reply-result' });

  const open = () =>
    attempt(api, panel, result, () => {
      const reply = replyBody(body.input.value);
      if ('cipher_real_name' in replyFields(reply)) {
        put(result, note('warn', h('p', {}, say('reply.notThis'), ' ', toPanel('medical', say('medical.tab')))));
        return announce(text('reply.notThis'));
      }
      // What reads a reply is the call that it answers; its tokens are not part of the answer.
      const context = { merchant: openedMerchant(), accessToken: 'ACCESS_TOKEN', now: now() };
      const call = api.operations.getRealNameInfo({ authToken: 'AUTH_TOKEN' }, context);
      const { realName, credentialId } = call.interpret({ status: 200, body: reply });
      put(
        result,
        h(
          'div',
          { class: 'note good' },
          h('h3', {}, say('reply.opened')),
          person([
            [say('reply.realName'), realName, true],
            [say('reply.credentialId'), credentialId, true],
          ]),
        ),
      );
      announce(text('reply.opened'));
    });
  const clear = () => {
    body.input.value = '';
    unmark(panel);
    put(result);
    announce(text('common.cleared'));
    body.input.focus();
  };
  onMerchant(() => put(result));

  panel.sampleHint = 'common.sampleHint';
  panel.sample = () => {
    setMerchant(api.openMerchant(samples.merchant));
    body.input.value = JSON.stringify({ errcode: 0, errmsg: 'ok', ...samples.reply }, null, 2);
    open();
  };
  const decrypt = (encoding) =>
    `openssl base64 -d -A -in ciphertext.txt | openssl pkeyutl -decrypt -inkey apiclient_key.pem${encoding}; echo`;
  return [
    merchantLine(),
    form(open, body, h('div', { class: 'buttons' }, submitButton(say('reply.button')), button(say('common.clear'), clear))),
    result,
    h(
      'details',
      {},
      h('summary', {}, say('reply.openssl')),
      copyable('encryted_real_name', decrypt(' | iconv -f gbk -t utf-8'), { name: 'decrypt-name' }),
      copyable('encryted_credential_id', decrypt(''), { name: 'decrypt-number' }),
      h('p', { class: 'hint' }, say('reply.opensslHint')),
    ),
  ];
}
