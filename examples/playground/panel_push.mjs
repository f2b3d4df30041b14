// An encrypted push to a third-party platform's authorization event receiving URL.
import { attempt, mark, unmark } from './errors.mjs';
import { announce, button, check, field, form, h, note, put, submitButton, toPanel } from './dom.mjs';
import { now, time, timeText } from './format.mjs';
import { ofPair, say, text } from './language.mjs';
import { pushBody, pushParameters } from './pasted.mjs';
import { person } from './reveal.mjs';
import * as samples from './samples.mjs';
import { setEvent } from './shared.mjs';

export const id = 'push';

const VERIFICATION = 'notify_third_fastverifybetaapp';

export function build(api, panel) {
  const token = field(say('push.token'), { name: 'token' });
  const key = field(say('push.key'), { name: 'encodingAesKey', hint: say('push.keyHint') });
  const previous = field(say('push.previous'), { name: 'previousEncodingAesKey', hint: say('push.previousHint') });
  const appId = field(say('push.appId'), { name: 'appId', hint: say('push.appIdHint') });
  const url = field(say('push.url'), { name: 'url', rows: 3, hint: say('push.urlHint') });
  const body = field(say('push.body'), { name: 'body', rows: 7, hint: say('push.bodyHint') });
  const strict = check(say('push.strict'));
  const result = h('div', { class: 'result', id: 'push-result' });

  const open = () => {
    setEvent(undefined);
    attempt(api, panel, result, () => {
      const query = pushParameters(url.input.value);
      const missing = ['msg_signature', 'timestamp', 'nonce'].filter((name) => !query[name]);
      if (missing.length > 0) return lacks(result, url.input, missing);
      const channel = api.openPushChannel({
        token: token.input.value.trim(),
        encodingAesKey: key.input.value.trim(),
        previousEncodingAesKey: previous.input.value.trim() || undefined,
        appId: appId.input.value.trim(),
      });
      const pushed = Number(query.timestamp);
      const present = strict.input.checked || !Number.isSafeInteger(pushed) ? now() : pushed;
      const delivery = { msgSignature: query.msg_signature, timestamp: query.timestamp, nonce: query.nonce };
      const asPasted = body.input.value.trim();
      const { event, tidied } = opened((xml) => channel.open({ ...delivery, body: xml }, { now: present }), asPasted);
      setEvent(event);
      const shown = eventShown(api, event, strict.input.checked ? undefined : pushed, channel.toleranceSeconds);
      put(result, shown, tidied && note('plain', say('push.tidied')));
      announce(text('push.opened', event.infoType));
    });
  };
  const clear = () => {
    for (const one of [token, key, previous, appId, url, body]) one.input.value = '';
    strict.input.checked = false;
    setEvent(undefined);
    unmark(panel);
    put(result);
    announce(text('common.cleared'));
    token.input.focus();
  };
  const fill = ({ url: address, body: xml }) => {
    token.input.value = samples.platform.token;
    key.input.value = samples.platform.encodingAesKey;
    previous.input.value = '';
    appId.input.value = samples.platform.appId;
    url.input.value = address;
    body.input.value = xml;
    strict.input.checked = false;
    open();
  };
  panel.sampleHint = 'common.sampleHint';
  panel.sample = () => fill(samples.succeeded);
  panel.furtherSamples = [[say('push.sampleWaiting'), () => fill(samples.waiting)]];

  return [
    note('plain', say('push.which')),
    form(
      open,
      h('div', { class: 'grid' }, token, appId, key, previous, url, body),
      strict,
      h('div', { class: 'buttons' }, submitButton(say('push.button')), button(say('common.clear'), clear)),
    ),
    result,
  ];
}

/** As it was pasted; where that does not open, without what a log or a terminal added. */
function opened(open, asPasted) {
  try {
    return { event: open(asPasted), tidied: false };
  } catch (error) {
    const xml = pushBody(asPasted);
    if (xml === asPasted) throw error;
    return { event: open(xml), tidied: true };
  }
}

function lacks(result, input, missing) {
  put(result, note('bad', h('h3', {}, say('push.lacks', missing.join(', '))), h('p', {}, say('push.lacksText'))));
  mark(input, `${result.id}-error`, h('p', {}, say('push.lacks', missing.join(', '))));
  announce(text('push.lacks', missing.join(', ')));
}

function eventShown(api, event, pushed, tolerance) {
  const { infoType, status, info = {} } = event;
  const verification = infoType === VERIFICATION;
  const explained = verification && status !== undefined ? api.explain(VERIFICATION, status) : undefined;
  return h(
    'div',
    { class: 'note good' },
    h('h3', {}, say('push.opened', infoType)),
    pushed === undefined ? '' : h('p', {}, say('push.ownTime', timeText(pushed), tolerance)),
    explained ? h('p', {}, h('strong', {}, `status ${status}`), ' · ', ofPair(explained.meaning)) : '',
    explained ? h('p', {}, h('strong', {}, say('codes.remedy')), ' ', ofPair(explained.remedy)) : '',
    person([
      ['InfoType', infoType],
      ['AppId', event.componentAppId],
      ['appid', event.appId],
      ['CreateTime', event.createTime === undefined ? undefined : time(event.createTime)],
      ['status', status],
      ['msg', event.msg],
      ['info.name', info.name, true],
      ['info.code', info.code, true],
      ['info.code_type', info.codeType],
      ['info.legal_persona_wechat', info.legalPersonaWechat, true],
      ['info.legal_persona_name', info.legalPersonaName, true],
      ['info.component_phone', info.componentPhone, true],
      ['ComponentVerifyTicket', event.componentVerifyTicket, true],
      ['AuthorizationCode', event.authorizationCode, true],
      [say('push.replayKey'), event.replayKey],
      [say('push.eventKey'), event.eventKey],
      [say('push.fields'), JSON.stringify(event.fields), true],
    ]),
    verification ? h('p', { class: 'next' }, toPanel('timeline', say('push.toTimeline'))) : '',
  );
}
