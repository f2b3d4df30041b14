// Key and certificate: do they belong together, and what does the certificate say?
import { attempt, unmark } from './errors.mjs';
import { announce, button, copyable, facts, field, form, h, note, put, submitButton } from './dom.mjs';
import { fileField } from './file_field.mjs';
import { now, time } from './format.mjs';
import { say, text } from './language.mjs';
import { compact, serialNumber } from './pasted.mjs';
import * as samples from './samples.mjs';
import { onMerchant, openedMerchant, setMerchant } from './shared.mjs';

export const id = 'merchant';

const MARKS = { passed: '✓', warning: '!', not_checked: '–' };

export function build(api, panel) {
  const mchId = field(say('merchant.mchId'), { name: 'mchId', hint: say('merchant.mchIdHint'), inputmode: 'numeric' });
  const certSerialNo = field(say('merchant.serial'), { name: 'certSerialNo', hint: say('merchant.serialHint') });
  const key = fileField(say('merchant.key'), { name: 'privateKey', hint: say('merchant.keyHint') });
  const certificate = fileField(say('merchant.certificate'), { name: 'certificate', hint: say('merchant.certificateHint') });
  const result = h('div', { class: 'result', id: 'merchant-result' });

  const read = () => {
    setMerchant(undefined);
    attempt(api, panel, result, () => {
      // One file with both may have been put into either field.
      const both = !key.content() && /PRIVATE KEY-----/.test(certificate.content());
      const merchant = api.openMerchant({
        mchId: compact(mchId.input.value),
        privateKey: (both ? certificate : key).content() ?? '',
        certificate: certificate.content(),
        certSerialNo: serialNumber(certSerialNo.input.value) || undefined,
      });
      setMerchant(merchant);
      announce(text('merchant.read', merchant.certSerialNo));
    });
    if (openedMerchant()) return;
    if (isPlatformCertificate(certificate.content())) result.append(note('warn', say('merchant.platformCertificate')));
    result.append(...conversion(result, [key, certificate]));
  };
  const clear = () => {
    for (const one of [mchId, certSerialNo]) one.input.value = '';
    for (const one of [key, certificate]) one.clear();
    setMerchant(undefined);
    unmark(panel);
    put(result);
    announce(text('merchant.cleared'));
    mchId.input.focus();
  };
  onMerchant(() => {
    const merchant = openedMerchant();
    if (!merchant) return put(result);
    put(result, reportOf(merchant.report({ now: now() })));
  });

  panel.sampleHint = 'common.sampleHint';
  panel.sample = () => {
    mchId.input.value = samples.merchant.mchId;
    certSerialNo.input.value = '';
    key.fill(samples.merchant.privateKey);
    certificate.fill(samples.merchant.certificate);
    read();
  };
  return [
    form(
      read,
      h('div', { class: 'grid' }, mchId, certSerialNo, key, certificate),
      h('div', { class: 'buttons' }, submitButton(say('merchant.readButton')), button(say('merchant.clear'), clear)),
    ),
    result,
    h('details', {}, h('summary', {}, say('merchant.p12Title')), h('p', {}, say('merchant.p12Text')), ...commands()),
  ];
}

const commands = () => [
  copyable(say('merchant.p12Command'), 'openssl pkcs12 -legacy -nodes -in apiclient_cert.p12 -out apiclient.pem', {
    name: 'p12',
    hint: say('merchant.p12Hint'),
  }),
  copyable(say('merchant.encryptedCommand'), 'openssl pkcs8 -in apiclient_key.pem -out apiclient_key_plain.pem', {
    name: 'pkcs8',
  }),
];

/** WeChat Pay's own certificates, for checking its signatures, come from the same pages and are taken for the merchant's. */
function isPlatformCertificate(content) {
  try {
    const der = typeof content === 'string' ? atob(content.replace(/-----[^-]+-----|\s/g, '')) : String.fromCharCode(...(content ?? []));
    return der.includes('Tenpay.com sign');
  } catch {
    return false;
  }
}

/** What the browser build does not read, it says how to turn into what it does. */
function conversion(result, files) {
  const said = result.textContent;
  const named = files.some((file) => /\.(p12|pfx)$/i.test(file.fileName() ?? file.input.value.trim()));
  const refused = /PKCS#12|encrypted key|加密的私钥|password/.test(said);
  return named || refused ? [note('plain', h('p', {}, say('merchant.p12Text')), ...commands())] : [];
}

function reportOf({ mchId, certSerialNo, bits, certificate, findings }) {
  const left = certificate && Math.floor((certificate.notAfter - now()) / 86400);
  return h(
    'div',
    {},
    verdict(findings),
    copyable(say('merchant.serialShown'), certSerialNo, { name: 'serial' }),
    h(
      'ul',
      { class: 'findings' },
      findings.map(({ check, state }) =>
        h(
          'li',
          { class: state },
          h('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[state] ?? '?'),
          h('span', {}, h('strong', {}, say(`finding.${check}`)), ' ', h('span', { class: 'state' }, say(`state.${state}`))),
          h('span', { class: 'said' }, findingText(check, state, certificate)),
        ),
      ),
    ),
    facts([
      [say('merchant.mchId'), h('code', {}, mchId)],
      [say('merchant.bits'), `RSA ${bits}`],
      [say('merchant.subject'), certificate && h('code', {}, certificate.subject)],
      [say('merchant.notBefore'), certificate && time(certificate.notBefore)],
      [say('merchant.notAfter'), certificate && h('span', {}, time(certificate.notAfter), ' ', say('merchant.daysLeft', left))],
    ]),
    h(
      'p',
      { class: 'next' },
      say('merchant.next'),
      ' ',
      h('a', { href: '#sign' }, say('sign.tab')),
      ' · ',
      h('a', { href: '#reply' }, say('reply.tab')),
    ),
  );
}

/** All of them in one line. */
function verdict(findings) {
  const count = (state) => findings.filter((one) => one.state === state).length;
  if (count('warning') > 0) return h('h3', { class: 'verdict warning' }, say('merchant.attention', count('warning')));
  if (count('not_checked') > 0) return h('h3', { class: 'verdict' }, say('merchant.unchecked'));
  return h('h3', { class: 'verdict passed' }, say('merchant.allPassed', findings.length));
}

function findingText(check, state, certificate) {
  if (state !== 'passed' && check === 'validity' && certificate) {
    return say(certificate.notBefore > now() ? 'finding.validity.early' : 'finding.validity.expired');
  }
  return say(`finding.${check}.${state}`);
}
