// Runs before anything is drawn, in browsers of any age: sets language and theme, and says why the page cannot start.
(function () {
  var root = document.documentElement;
  root.lang = /^zh/i.test(navigator.language || '') ? 'zh' : 'en';
  root.setAttribute('data-theme', window.matchMedia && matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

  var why;
  if (location.protocol === 'file:') {
    why = [
      '浏览器不允许直接打开的文件加载模块。请在终端运行：npx wechat-realname playground',
      'Browsers load no modules from files. In a terminal, run: npx wechat-realname playground',
    ];
  } else if (!('noModule' in document.createElement('script'))) {
    why = [
      '这个浏览器不支持 JavaScript 模块。请换用较新的 Chrome、Edge、Firefox 或 Safari。',
      'This browser has no JavaScript modules. Please use a current Chrome, Edge, Firefox or Safari.',
    ];
  } else if (typeof WebAssembly !== 'object') {
    why = [
      '这个浏览器没有启用 WebAssembly，而签名和解密都在其中进行。请换用较新的浏览器，或关闭禁用它的安全设置（例如锁定模式）。',
      'WebAssembly is not available in this browser, and signing and opening are done in it. Use a current browser, or switch off what disables it (lockdown mode, for one).',
    ];
  }

  /** Puts both languages into the place of the loading state. */
  function stop(texts) {
    var place = document.getElementById('starting');
    if (!place) return;
    place.className = 'starting trouble';
    place.setAttribute('role', 'alert');
    while (place.firstChild) place.removeChild(place.firstChild);
    for (var at = 0; at < 2; at++) {
      var line = document.createElement('p');
      line.lang = at === 0 ? 'zh' : 'en';
      line.appendChild(document.createTextNode(texts[at]));
      place.appendChild(line);
    }
  }
  window.playgroundCannotStart = stop;

  document.addEventListener('DOMContentLoaded', function () {
    if (why) stop(why);
  });
  // A file of the page's own that did not come; errors of loading do not bubble.
  window.addEventListener(
    'error',
    function (event) {
      if (event.target && event.target.tagName === 'SCRIPT') {
        stop([
          '页面的文件没有加载完整。请重新加载；若仍不行，请用 npx wechat-realname playground 打开。',
          'A file of this page did not load. Reload it; if that is of no help, open it with npx wechat-realname playground.',
        ]);
      } else if (event.message && document.getElementById('starting')) {
        // It has modules, and does not understand this one.
        stop([
          '页面没有启动。请换用较新的 Chrome、Edge、Firefox 或 Safari。',
          'The page did not start. Please use a current Chrome, Edge, Firefox or Safari.',
        ]);
      }
    },
    true
  );
})();
