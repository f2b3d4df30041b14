// A request of getrealnameinfo, byte for byte, and the same with openssl and curl.
import { attempt, unmark } from './errors.mjs';
import { announce, button, copyable, field, form, h, note, put, submitButton } from './dom.mjs';
import { now, quoted } from './format.mjs';
import { say, text } from './language.mjs';
import { merchantLine } from './merchant_line.mjs';
import { compact } from './pasted.mjs';
import * as samples from './samples.mjs';
import { onMerchant, openedMerchant, setMerchant } from './shared.mjs';

export const id = 'sign';

export function build(api, panel) {
  const timestamp = field(say('sign.timestamp'), { name: 'now', hint: say('sign.timestampHint'), inputmode: 'numeric' });
  const authToken = field(say('sign.authToken'), { name: 'authToken', hint: say('sign.authTokenHint'), placeholder: 'AUTH_TOKEN' });
  const accessToken = field(say('sign.accessToken'), {
    name: 'accessToken',
    hint: say('sign.accessTokenHint'),
    wide: true,
    placeholder: 'ACCESS_TOKEN',
  });
  const result = h('div', { class: 'result', id: 'sign-result' });
  const setNow = () => {
    timestamp.input.value = now();
  };
  setNow();

  const sign = () =>
    attempt(api, panel, result, () => {
      const given = compact(timestamp.input.value);
      const context = {
        merchant: openedMerchant(),
        accessToken: accessToken.input.value.trim() || 'ACCESS_TOKEN',
        now: /^\d+$/.test(given) ? Number(given) : NaN,
      };
      const call = api.operations.getRealNameInfo({ authToken: authToken.input.value.trim() || 'AUTH_TOKEN' }, context);
      put(result, shown(call.request, given));
      announce(text('sign.done'));
    });
  const clear = () => {
    for (const one of [authToken, accessToken]) one.input.value = '';
    unmark(panel);
    put(result);
    announce(text('common.cleared'));
    authToken.input.focus();
  };
  onMerchant(() => put(result));

  panel.sampleHint = 'common.sampleHint';
  panel.sample = () => {
    setMerchant(api.openMerchant(samples.merchant));
    setNow();
    sign();
  };
  return [
    merchantLine(),
    form(
      sign,
      h('div', { class: 'grid' }, timestamp, authToken, accessToken),
      h('div', { class: 'buttons' }, submitButton(say('sign.button')), button(say('sign.now'), setNow), button(say('common.clear'), clear)),
    ),
    result,
    note('plain', h('h3', {}, say('sign.timesTitle')), h('p', {}, say('sign.timesText'))),
  ];
}

function shown({ method, url, headers, body }, given) {
  const { cert_serialno: serial, timestamp, sign } = JSON.parse(body);
  const signed = `cert_serialno=${serial}&timestamp=${timestamp}`;
  const hex = Array.from(new TextEncoder().encode(signed), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const openssl = `printf '%s' ${quoted(signed)} | openssl dgst -sha256 -binary -sign apiclient_key.pem | openssl base64 -A`;
  const headerWords = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const curl = [`curl -sS -X ${method} ${quoted(url)}`, ...headerWords, `--data-binary ${quoted(body)}`].join(' \\\n  ');
  const length = new TextEncoder().encode(body).length;
  const far = Math.abs(Number(given) - now()) > 300;
  return h(
    'div',
    {},
    far ? note('warn', say('sign.farAway')) : '',
    copyable(say('sign.signed', signed.length), signed, { name: 'signed' }),
    h('details', {}, h('summary', {}, say('sign.hex')), h('pre', { class: 'hex' }, h('code', {}, hex))),
    copyable('sign', sign, { name: 'signature', hint: say('sign.signatureHint') }),
    copyable(say('sign.address'), `${method} ${url}`, { name: 'address' }),
    copyable(say('sign.body', length), body, { name: 'body' }),
    copyable(say('sign.openssl'), openssl, { name: 'openssl', hint: say('sign.opensslHint') }),
    copyable(say('sign.curl'), curl, { name: 'curl', hint: say('sign.curlHint') }),
  );
}
