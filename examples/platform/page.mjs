const TITLES = {
  waiting_for_legal_person: '等待法定代表人确认',
  waiting_for_administrator: '等待管理员确认',
  checking: '微信审核中',
  succeeded: '已转正',
};

const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** What a client sees. `stand`: what betaVerification said, and the address for the legal person; absent before any call. */
export function pageOf(stand) {
  const { state, advice, mayCallAgain, notBefore, authorizeUrl } = stand ?? {};
  const again = notBefore && new Date(notBefore * 1000).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' });
  const link = state === 'waiting_for_legal_person' && authorizeUrl;
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>试用小程序转正</title>
<style>
  body { max-width: 34em; margin: 3em auto; padding: 0 1em; font: 16px/1.7 system-ui, sans-serif; color: #222 }
  button, .link { padding: .5em 1.4em; border: 0; border-radius: .4em; background: #07c160; color: #fff }
  button, .link { font: inherit; text-decoration: none }
</style>
<h1>${stand ? TITLES[state] ?? '尚未转正' : '等待授权'}</h1>
<p>${stand ? escaped(advice.zh) : '请管理员先在授权页面同意授权，授权后将自动发起核验。'}</p>
${link ? `<p><a class="link" href="${escaped(link)}">请法定代表人点此确认（24 小时内有效）</a></p>` : ''}
${again ? `<p>最早可于 ${again} 重新发起。</p>` : ''}
${mayCallAgain ? '<form method="post" action="/verify"><button>重新发起</button></form>' : ''}
</html>`;
}
